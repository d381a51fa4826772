/// Fills a hole from its edge inwards (Telea, "An Image Inpainting Technique Based on the Fast Marching Method", 2004).
///
/// Missing pixels are filled in the order of their distance from the edge. Each becomes a weighted mean (equation 2) of the
/// pixels around it that are known by then. The weights (equation 4) favor pixels in the direction of the edge, near
/// ones, and those at the same distance from the edge.
///
/// The equation's second term, which continues slopes, is left out: slopes of pixels that were filled themselves grow from
/// row to row until the middle of a hole is noise, which is why programs keep that term below two of 255 levels.
package struct FastMarchingFill {
  /// The distance up to which a pixel looks at others, in pixels.
  package static let radius = 5.0

  /// The picture's size, and what it holds so far.
  private let width: Int
  private let height: Int
  private let channels: Int
  private var values: [Double]
  /// True for each pixel that was known from the start or has been filled.
  private var isKnown: [Bool]
  /// Distances from the edge: positive inside the hole, negative outside.
  private let distances: [Double]
  /// The offsets at which a pixel looks: all positions within the radius but its own.
  private let offsets: [(column: Int, row: Int)]

  /// Pixels that are filled between two questions whether the filling is still wanted.
  private static let grain = 1024

  /// - Parameter isCancelled: Ends the march where it stands once it says true.
  /// - Returns: The picture with its hole filled; mid-gray if nothing is known.
  package static func fill(
    _ picture: PictureValues, hole: Hole, isCancelled: () -> Bool = { false }
  ) -> PictureValues {
    var filled = picture
    guard !hole.coversEverything else {
      filled.values = [Double](repeating: 0.5, count: picture.values.count)
      return filled
    }
    let inside = DistanceMarch(from: hole, into: .hole, limit: .infinity, isCancelled: isCancelled)
    let outside = DistanceMarch(from: hole, into: .known, limit: 2 * radius, isCancelled: isCancelled)
    let distances = hole.values.indices.map {
      hole.values[$0] != 0 ? inside.distances[$0] : -min(outside.distances[$0], 2 * radius)
    }
    var march = FastMarchingFill(picture, hole, distances)
    for (number, pixel) in inside.order.enumerated() {
      if number.isMultiple(of: grain), isCancelled() { break }
      march.fill(pixel)
    }
    filled.values = march.values
    return filled
  }

  /// Before anything is filled.
  private init(_ picture: PictureValues, _ hole: Hole, _ distances: [Double]) {
    (width, height, channels) = (picture.width, picture.height, picture.channels)
    values = picture.values
    isKnown = hole.values.map { $0 == 0 }
    self.distances = distances
    let reach = Int(Self.radius)
    offsets = (-reach...reach).flatMap { row in (-reach...reach).map { (column: $0, row: row) } }
      .filter {
        let square = $0.column * $0.column + $0.row * $0.row
        return square > 0 && square <= reach * reach
      }
  }

  /// Fills one pixel that has a known neighbor.
  private mutating func fill(_ pixel: Int) {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let normal = (
      across: slope(of: pixel, step: 1, hasBefore: column > 0, hasAfter: column < width - 1),
      down: slope(of: pixel, step: width, hasBefore: row > 0, hasAfter: row < height - 1)
    )
    let steepness = (normal.across * normal.across + normal.down * normal.down).squareRoot()
    var sums = [Double](repeating: 0, count: channels)
    var total = 0.0
    for offset in offsets {
      let (x, y) = (column + offset.column, row + offset.row)
      guard x >= 0, y >= 0, x < width, y < height, isKnown[y * width + x] else { continue }
      let near = y * width + x
      let (right, down) = (-Double(offset.column), -Double(offset.row))
      let squared = right * right + down * down
      let along = abs(right * normal.across + down * normal.down)
      // No direction is worth nothing, or a pixel in a flat place would have no weights at all.
      let direction = Double.maximum(steepness > 0 ? along / (squared.squareRoot() * steepness) : 1, 1e-6)
      let level = 1 / (1 + abs(distances[near] - distances[pixel]))
      let weight = direction / squared * level
      for channel in 0..<channels { sums[channel] += weight * values[near * channels + channel] }
      total += weight
    }
    for channel in 0..<channels { values[pixel * channels + channel] = sums[channel] / total }
    isKnown[pixel] = true
  }

  /// The slope of the distances at a pixel: half the difference of its two neighbors, or the difference to the one there
  /// is.
  private func slope(of pixel: Int, step: Int, hasBefore: Bool, hasAfter: Bool) -> Double {
    switch (hasBefore, hasAfter) {
    case (true, true): (distances[pixel + step] - distances[pixel - step]) / 2
    case (true, false): distances[pixel] - distances[pixel - step]
    case (false, true): distances[pixel + step] - distances[pixel]
    case (false, false): 0
    }
  }
}

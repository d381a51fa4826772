/// A fill from a hole's boundary inwards by fast marching (Telea, "An Image Inpainting Technique Based on the Fast
/// Marching Method", 2004).
///
/// Missing pixels are filled in the order of their distance from the boundary. Each becomes a weighted mean (equation
/// 2) of the pixels around it that are known by then. The weights (equation 4) favor pixels along the normal, near
/// pixels, and those on the same level set of the distance.
///
/// The equation's gradient term is left out: gradients of pixels that were filled themselves grow from row to row until
/// the middle of a hole is noise, which is why implementations keep that term below two of 255 levels.
package struct FastMarchingFill {
  /// The radius of a pixel's neighborhood, in pixels.
  package static let radius = 5.0

  /// The size of the picture.
  private let width: Int
  private let height: Int
  private let channels: Int
  private var values: [Double]
  /// True for each pixel that was known from the start or has been filled.
  private var isKnown: [Bool]
  /// Signed distances from the boundary: positive inside the hole, negative outside.
  private let distances: [Double]
  /// The offsets of the neighborhood: all within the radius but the center.
  private let offsets: [(column: Int, row: Int)]

  /// The number of pixels that are filled between two calls of `isCancelled`.
  private static let grain = 1024

  /// - Parameter isCancelled: Stops the march once it returns true.
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

  /// The state before any pixel is filled.
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
      // The factor is never 0, or a pixel where distances are constant would have no weights at all.
      let direction = Double.maximum(steepness > 0 ? along / (squared.squareRoot() * steepness) : 1, 1e-6)
      let level = 1 / (1 + abs(distances[near] - distances[pixel]))
      let weight = direction / squared * level
      for channel in 0..<channels { sums[channel] += weight * values[near * channels + channel] }
      total += weight
    }
    for channel in 0..<channels { values[pixel * channels + channel] = sums[channel] / total }
    isKnown[pixel] = true
  }

  /// The derivative of the distances at a pixel: a central difference, or a one-sided one at the border.
  private func slope(of pixel: Int, step: Int, hasBefore: Bool, hasAfter: Bool) -> Double {
    switch (hasBefore, hasAfter) {
    case (true, true): (distances[pixel + step] - distances[pixel - step]) / 2
    case (true, false): distances[pixel] - distances[pixel - step]
    case (false, true): distances[pixel + step] - distances[pixel]
    case (false, false): 0
    }
  }
}

/// Distances from the boundary of a hole, by the fast marching method (Sethian, 1996): the solution of |∇T| = 1 with T
/// = 0 on the known pixels that touch the hole.
struct DistanceMarch {
  /// The side of the boundary that is measured.
  enum Side {
    /// From the boundary inwards.
    case hole
    /// From the boundary outwards.
    case known
  }

  /// 0 on the boundary; infinite on the other side and beyond the limit.
  private(set) var distances: [Double]
  /// The pixels that were reached, without the boundary, in the order of their distances.
  private(set) var order: [Int] = []
  /// The raster's size.
  private let width: Int
  private let height: Int

  /// The number of pixels that are taken from the front between two calls of `isCancelled`.
  private static let grain = 4096

  /// - Parameters:
  ///   - limit: The distance at which the march ends.
  ///   - isCancelled: Stops the march once it returns true.
  init(from hole: Hole, into side: Side, limit: Double, isCancelled: () -> Bool = { false }) {
    (width, height) = (hole.width, hole.height)
    distances = [Double](repeating: .infinity, count: hole.values.count)
    let wanted: UInt8 = side == .hole ? 1 : 0
    var isFinal = hole.values.map { $0 != wanted }
    var front = MinimumHeap()
    for pixel in hole.values.indices where hole.values[pixel] == 0 {
      if neighbors(of: pixel).contains(where: { hole.values[$0] != 0 }) {
        distances[pixel] = 0
        front.insert(pixel, at: 0)
      }
    }
    var count = 0
    while let (pixel, distance) = front.removeFirst(), distance <= limit {
      if count.isMultiple(of: Self.grain), isCancelled() { break }
      count += 1
      if isFinal[pixel] && distance > 0 { continue }
      isFinal[pixel] = true
      if distance > 0 { order.append(pixel) }
      for next in neighbors(of: pixel) where !isFinal[next] {
        let found = arrival(at: next)
        if found < distances[next] {
          distances[next] = found
          front.insert(next, at: found)
        }
      }
    }
  }

  /// The arrival time at a pixel: the upwind solution of the quadratic equation of its nearest horizontal and vertical
  /// neighbors.
  private func arrival(at pixel: Int) -> Double {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    let across = min(
      column > 0 ? distances[pixel - 1] : .infinity, column < width - 1 ? distances[pixel + 1] : .infinity)
    let down = min(
      row > 0 ? distances[pixel - width] : .infinity, row < height - 1 ? distances[pixel + width] : .infinity)
    let difference = abs(across - down)
    // Also if one of them is infinite: then the front comes straight along the other axis.
    guard difference < 1 else { return min(across, down) + 1 }
    return (across + down + (2 - difference * difference).squareRoot()) / 2
  }

  /// The 4-connected neighbors of a pixel within the raster.
  private func neighbors(of pixel: Int) -> [Int] {
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    var found: [Int] = []
    if column > 0 { found.append(pixel - 1) }
    if row > 0 { found.append(pixel - width) }
    if column < width - 1 { found.append(pixel + 1) }
    if row < height - 1 { found.append(pixel + width) }
    return found
  }
}

/// A priority queue of pixels by distance, the nearest first; of equal ones the pixel with the smaller index.
struct MinimumHeap {
  /// A binary heap: no item comes before its parent.
  private var items: [(pixel: Int, distance: Double)] = []

  /// Inserts a pixel, which may be there already at another distance.
  mutating func insert(_ pixel: Int, at distance: Double) {
    items.append((pixel, distance))
    var place = items.count - 1
    while place > 0, comes(place, before: (place - 1) / 2) {
      items.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Removes and returns the nearest pixel; nil if there is none.
  mutating func removeFirst() -> (pixel: Int, distance: Double)? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    if items.isEmpty { return first }
    items[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < items.count && comes(child, before: least) {
        least = child
      }
      if least == place { return first }
      items.swapAt(place, least)
      place = least
    }
  }

  /// True if the item at one index comes before that at another.
  private func comes(_ first: Int, before second: Int) -> Bool {
    let (a, b) = (items[first], items[second])
    return a.distance != b.distance ? a.distance < b.distance : a.pixel < b.pixel
  }
}

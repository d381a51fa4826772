/// A hole in a picture: 1 where pixels are missing and 0 where they are known, rows from the top.
///
/// It is this type from the file, or the generator that draws it, to the batch. Whole numbers are the centers of pixels;
/// what is drawn outside is clipped.
public struct Hole: BinaryRaster {
  public let width: Int
  public let height: Int
  /// `height * width` values, 0 or 1.
  package internal(set) var values: [UInt8]

  /// A hole without a missing pixel, to draw in.
  ///
  /// - Precondition: Both sides are positive.
  package init(width: Int, height: Int) {
    self.init(width: width, height: height, values: [UInt8](repeating: 0, count: width * height))
  }

  package init(width: Int, height: Int, values: [UInt8]) {
    precondition(width > 0 && height > 0, "Hole: \(width)x\(height) is no size")
    precondition(
      values.count == width * height && values.allSatisfy { $0 <= 1 },
      "Hole: expected \(width * height) values of 0 or 1, found \(values.count) of at most \(values.max() ?? 0)")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The hole whose pixels are missing where a function of their columns and rows says so; both count from 0, at the
  /// top left.
  ///
  /// - Precondition: Both sides are positive.
  public init(width: Int, height: Int, isMissing: (_ x: Int, _ y: Int) throws -> Bool) rethrows {
    self.init(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width where try isMissing(x, y) { values[y * width + x] = 1 }
    }
  }

  /// The hole that a hole picture shows: a pixel is missing if any of its channels has 128 or more. If the colors are all
  /// bright or all dark and the picture is not opaque, its opacities show the hole: opaque pixels are what their color
  /// says, transparent ones the contrary.
  public init(_ picture: Picture) {
    self = HoleReading(picture).hole
  }

  /// The hole that a hole picture's file shows, as `init(_:)` reads it.
  ///
  /// - Throws: As `Picture.init(contentsOfFile:)`.
  public init(contentsOfFile path: String) throws {
    self.init(try Picture(contentsOfFile: path))
  }

  /// A gray picture, white where pixels are missing.
  package var picture: Picture {
    Picture(width: width, height: height, channels: 1, pixels: values.map { $0 * 255 })
  }

  /// The number of missing pixels.
  package var missingCount: Int { values.reduce(0) { $0 + Int($1) } }

  /// The share of missing pixels, 0...1.
  public var missingFraction: Double { Double(missingCount) / Double(values.count) }

  /// Tells that no pixel is missing.
  package var isEmpty: Bool { !values.contains(1) }

  /// Tells that no pixel is known.
  package var coversEverything: Bool { !values.contains(0) }

  /// Tells whether a pixel is missing.
  ///
  /// - Precondition: The position lies within the raster.
  public func isMissing(x: Int, y: Int) -> Bool {
    precondition(
      (0..<width).contains(x) && (0..<height).contains(y),
      "Hole.isMissing: (\(x), \(y)) does not lie within \(width)x\(height)")
    return values[y * width + x] != 0
  }

  /// Adds another hole of the same size: a pixel is missing if it is in either.
  ///
  /// - Precondition: The sizes are the same.
  package mutating func formUnion(_ other: Hole) {
    precondition(
      (width, height) == (other.width, other.height),
      "Hole.formUnion: \(width)x\(height) and \(other.width)x\(other.height) differ")
    for index in values.indices { values[index] |= other.values[index] }
  }

  /// Makes all pixels of a rectangle known.
  ///
  /// - Precondition: The rectangle lies within the hole.
  package mutating func clear(_ part: PixelRectangle) {
    for y in part.rows {
      for x in part.columns { values[y * width + x] = 0 }
    }
  }

  /// Marks the columns from `first` to `last` (both included, whole numbers) of a row, as far as they exist.
  mutating func fillRow(_ row: Int, from first: Double, to last: Double) {
    guard (0..<height).contains(row) else { return }
    let start = clamped(first, to: width)
    let end = clamped(last + 1, to: width)
    for column in start..<max(start, end) { values[row * width + column] = 1 }
  }

  /// The existing rows of an interval of real positions.
  func rows(from first: Double, to last: Double) -> Range<Int> {
    let start = clamped(first.rounded(.up), to: height)
    return start..<max(start, clamped(last.rounded(.down) + 1, to: height))
  }

  /// A position as an integer in 0...limit, also if it is infinite or no number.
  private func clamped(_ position: Double, to limit: Int) -> Int {
    Int(Double.minimum(Double.maximum(position, 0), Double(limit)))
  }
}

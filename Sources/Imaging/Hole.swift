/// A hole in a picture: 1 where pixels are missing and 0 where they are known, rows from the top.
///
/// In drawing, integer coordinates are the centers of pixels, and what lies outside is clipped.
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

  /// A hole from a predicate of column and row, which both count from 0 at the top left.
  ///
  /// - Precondition: Both sides are positive.
  public init(width: Int, height: Int, isMissing: (_ x: Int, _ y: Int) throws -> Bool) rethrows {
    self.init(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width where try isMissing(x, y) { values[y * width + x] = 1 }
    }
  }

  /// The hole of a hole picture: a pixel is missing if any of its channels is 128 or more. If all pixels are bright, or
  /// all dark, and the picture has transparency, its alpha channel is read instead: opaque pixels are missing if the
  /// colors are bright, transparent ones if they are dark.
  public init(_ picture: Picture) {
    self = HoleReading(picture).hole
  }

  /// The hole of a hole picture in a file, as `init(_:)` reads it.
  ///
  /// - Throws: As `Picture.init(contentsOfFile:)`.
  public init(contentsOfFile path: String) throws {
    self.init(try Picture(contentsOfFile: path))
  }

  /// A gray picture, white where pixels are missing.
  package var picture: Picture {
    Picture(width: width, height: height, channels: 1, pixels: values.map { $0 * 255 })
  }

  package var missingCount: Int { values.reduce(0) { $0 + Int($1) } }

  /// The share of missing pixels, 0...1.
  public var missingFraction: Double { Double(missingCount) / Double(values.count) }

  /// True if no pixel is missing.
  package var isEmpty: Bool { !values.contains(1) }

  /// True if no pixel is known.
  package var coversEverything: Bool { !values.contains(0) }

  /// True if a pixel is missing.
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

  /// Marks the columns from `first` to `last` (both included, whole numbers) of a row, clipped to the raster.
  mutating func fillRow(_ row: Int, from first: Double, to last: Double) {
    guard (0..<height).contains(row) else { return }
    let start = clamped(first, to: width)
    let end = clamped(last + 1, to: width)
    for column in start..<max(start, end) { values[row * width + column] = 1 }
  }

  /// The rows of the raster in an interval of real positions.
  func rows(from first: Double, to last: Double) -> Range<Int> {
    let start = clamped(first.rounded(.up), to: height)
    return start..<max(start, clamped(last.rounded(.down) + 1, to: height))
  }

  /// A position as an integer in 0...limit, even if it is infinite or NaN.
  private func clamped(_ position: Double, to limit: Int) -> Int {
    Int(Double.minimum(Double.maximum(position, 0), Double(limit)))
  }
}

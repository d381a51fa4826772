/// A hole being drawn: a raster that is 1 where pixels are missing and 0 where they are known, rows from the top.
///
/// Whole numbers are the centres of pixels. Whatever is drawn outside is clipped.
package struct HoleRaster: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// `height * width` values, 0 or 1.
  package internal(set) var values: [UInt8]

  /// A raster without a hole.
  ///
  /// - Precondition: Both sides are positive.
  package init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "HoleRaster: \(width)x\(height) is no size")
    self.width = width
    self.height = height
    values = [UInt8](repeating: 0, count: width * height)
  }

  /// Reads a hole picture: white, from 128 on, is missing. Colours count by their brightness.
  package init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    values = picture.grey().pixels.map { $0 >= 128 ? 1 : 0 }
  }

  /// A grey picture, white where pixels are missing.
  package var picture: Picture {
    Picture(width: width, height: height, channels: 1, pixels: values.map { $0 * 255 })
  }

  /// The part of all pixels that is missing, 0...1.
  package var missingFraction: Double {
    Double(values.reduce(0) { $0 + Int($1) }) / Double(values.count)
  }

  /// Whether a pixel is missing.
  ///
  /// - Precondition: The position lies within the raster.
  package func isMissing(x: Int, y: Int) -> Bool {
    precondition(
      (0..<width).contains(x) && (0..<height).contains(y),
      "HoleRaster.isMissing: (\(x), \(y)) does not lie within \(width)x\(height)")
    return values[y * width + x] != 0
  }

  /// Adds another hole of the same size: a pixel is missing if it is in either.
  ///
  /// - Precondition: The sizes are the same.
  package mutating func formUnion(_ other: HoleRaster) {
    precondition(
      (width, height) == (other.width, other.height),
      "HoleRaster.formUnion: \(width)x\(height) and \(other.width)x\(other.height) differ")
    for index in values.indices { values[index] |= other.values[index] }
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

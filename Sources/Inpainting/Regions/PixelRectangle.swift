/// A rectangle of whole pixels that is not empty.
struct PixelRectangle: Equatable, Sendable {
  /// The top left corner.
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  /// The columns and rows that it covers.
  var columns: Range<Int> { x..<x + width }
  var rows: Range<Int> { y..<y + height }
  var longerSide: Int { max(width, height) }

  func intersects(_ other: PixelRectangle) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }

  /// The smallest rectangle around both.
  func union(_ other: PixelRectangle) -> PixelRectangle {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PixelRectangle(
      x: left, y: top, width: max(columns.upperBound, other.columns.upperBound) - left,
      height: max(rows.upperBound, other.rows.upperBound) - top)
  }
}

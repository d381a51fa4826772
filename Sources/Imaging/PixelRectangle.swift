/// A rectangle of whole pixels that is not empty.
package struct PixelRectangle: Equatable, Sendable {
  /// The top left corner.
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The columns and rows that it covers.
  package var columns: Range<Int> { x..<x + width }
  package var rows: Range<Int> { y..<y + height }
  package var longerSide: Int { max(width, height) }

  package func intersects(_ other: PixelRectangle) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }

  /// The rectangle with so many more pixels on each side, as far as another one has them.
  ///
  /// - Precondition: The rectangle lies within the other.
  package func expanded(by margin: Int, in bounds: PixelRectangle) -> PixelRectangle {
    let (left, top) = (max(bounds.x, x - margin), max(bounds.y, y - margin))
    return PixelRectangle(
      x: left, y: top, width: min(bounds.columns.upperBound, columns.upperBound + margin) - left,
      height: min(bounds.rows.upperBound, rows.upperBound + margin) - top)
  }

  /// The smallest rectangle around both.
  package func union(_ other: PixelRectangle) -> PixelRectangle {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PixelRectangle(
      x: left, y: top, width: max(columns.upperBound, other.columns.upperBound) - left,
      height: max(rows.upperBound, other.rows.upperBound) - top)
  }
}

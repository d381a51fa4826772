/// Rectangles and discs.
extension Hole {
  /// Fills `width` x `height` pixels whose top left one is (`x`, `y`); nothing if a side is not positive.
  package mutating func fillRectangle(x: Int, y: Int, width: Int, height: Int) {
    guard width > 0, height > 0 else { return }
    let bottom = Double(y) + Double(height) - 1
    for row in rows(from: Double(y), to: bottom) {
      fillRow(row, from: Double(x), to: Double(x) + Double(width) - 1)
    }
  }

  /// Fills a disc `2 * radius + 1` pixels across: those whose centers lie within `radius + 1/2` of its own. Radius 0 is
  /// one pixel; a negative radius is nothing.
  package mutating func fillDisc(centerX: Double, centerY: Double, radius: Double) {
    guard radius >= 0 else { return }
    let reach = radius + 0.5
    for row in rows(from: centerY - reach, to: centerY + reach) {
      let distance = Double(row) - centerY
      let halfWidth = (reach * reach - distance * distance).squareRoot()
      fillRow(row, from: (centerX - halfWidth).rounded(.up), to: (centerX + halfWidth).rounded(.down))
    }
  }
}

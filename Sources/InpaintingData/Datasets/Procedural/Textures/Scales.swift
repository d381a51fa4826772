import Support

/// Roof tiles, shingles, fish: rows of round-ended plates, each row over the one below it.
struct Scales: Texture {
  private let colors: ColorPair
  /// The tone of each plate.
  private let noise: Noise
  /// The greatest share of the accent in a plate's color, 0...1.
  private let variation: Float

  /// Plates of the colors given, a unit wide.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    noise = Noise(using: &stream)
    variation = Float(stream.uniform(0.1..<0.7))
  }

  func color(at point: Point, footprint: Float) -> Color {
    // A plate hangs from its center, half a unit down; the rows are half a unit apart.
    let (row, y) = split(point.y * 2)
    let (column, x) = split(point.x + (row & 1 == 0 ? 0 : 0.5))
    let own = Point(x - 0.5, y * 0.5)
    let inside = coverage(0.5 - own.length, footprint: footprint)

    let nextX = x < 0.5 ? x : x - 1
    let below = Point(nextX, (y + 1) * 0.5)
    let shift: Int32 = row & 1 == 0 ? (x < 0.5 ? 0 : 1) : (x < 0.5 ? -1 : 0)
    // What hangs from the row above shows between two plates, in their shadow.
    let shadow = 0.6 + 0.4 * smooth((own.length - 0.5) / 0.25)
    let front = plate(column, row, depth: own.length)
    let behind = plate(column + shift, row - 1, depth: below.length) * shadow
    return mix(behind, front, inside)
  }

  /// A plate's color: darker where it goes under the row above, with a rim.
  ///
  /// - Parameter depth: The distance from where it hangs, 0...0.5 on the plate itself.
  private func plate(_ column: Int32, _ row: Int32, depth: Float) -> Color {
    let rim = 1 - 0.18 * smooth((depth - 0.38) / 0.12)
    let tone = noise.value(column, row)
    return mix(colors.base, colors.accent, tone * variation) * (rim * (0.92 + 0.3 * depth))
  }
}

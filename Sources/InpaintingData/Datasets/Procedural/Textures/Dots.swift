import Support

/// Printed cloth: discs of one color in staggered rows on another.
struct Dots: Texture {
  private let colors: ColorPair
  /// Of a disc; half a unit would let the discs of a row touch.
  private let radius: Float
  /// True if the middle of each disc is left out.
  private let ring: Bool

  /// Cloth of the base color with dots of the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    radius = Float(stream.uniform(0.18..<0.36))
    ring = stream.chance(0.25)
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (row, y) = split(point.y * 1.1547)
    let (_, x) = split(point.x + (row & 1 == 0 ? 0 : 0.5))
    let distance = Point(x - 0.5, (y - 0.5) / 1.1547).length
    var inside = coverage(radius - distance, footprint: footprint)
    if ring { inside -= coverage(radius * 0.55 - distance, footprint: footprint) }
    return mix(colors.base, colors.accent, inside)
  }
}

import Support

/// Rows of bricks in running bond: one unit a brick, each burnt to its own tone, with bevelled edges.
struct Bricks: Texture {
  private let colors: ColorPair
  /// Fills what is between the bricks.
  private let mortar: Color
  /// The tone of each brick and the roughness of all.
  private let noise: Noise
  /// A brick's height in units of its length.
  private let height: Float
  /// Half the gap between two bricks.
  private let joint: Float
  /// The greatest share of the accent in a brick's color, 0...1.
  private let variation: Float

  /// A wall of bricks in the colors given, flat or stout.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    mortar = colors.joint(using: &stream)
    noise = Noise(using: &stream)
    height = Float(stream.uniform(0.3..<0.55))
    joint = Float(stream.uniform(0.02..<0.05))
    variation = Float(stream.uniform(0.1..<0.5))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (row, down) = split(point.y / height)
    let (column, across) = split(point.x + (row & 1 == 0 ? 0 : 0.5))
    let sides = min(across, 1 - across)
    let top = down * height
    let bottom = (1 - down) * height
    let inside = min(sides, min(top, bottom)) - joint

    var brick = mix(colors.base, colors.accent, noise.value(column, row) * variation)
    let rough = noise.fractal(at: point * 9, octaves: 2, footprint: footprint * 9)
    let bevel = smooth(1 - (top - joint) / 0.06) - smooth(1 - (bottom - joint) / 0.06)
    let light: Float = 0.95 + 0.1 * rough + 0.12 * bevel + 0.1 * noise.value(row, column)
    brick *= light
    return mix(mortar * (1 + 0.15 * rough), brick, coverage(inside, footprint: max(footprint, 0.015)))
  }
}

import Support

/// Plain paint that runs slowly from one color to another: walls, skies, cloth, skin of fruit.
struct Gradient: Texture {
  private let colors: ColorPair
  /// Clouds and grain.
  private let noise: Noise
  /// The disturbance of the way between the colors, 0 for an even one.
  private let clouds: Float
  /// The roughness of the paint, 0 for enamel.
  private let grain: Float

  /// Paint that stays nearer to the base than to the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    // A shade of the first color, seldom all the way to the second.
    let share = Float(stream.uniform(0.2..<0.7))
    self.colors = ColorPair(base: colors.base, accent: mix(colors.base, colors.accent, share))
    noise = Noise(using: &stream)
    clouds = Float(stream.uniform(0..<0.5))
    grain = stream.chance(0.5) ? Float(stream.uniform(0..<0.05)) : 0
  }

  func color(at point: Point, footprint: Float) -> Color {
    let uneven = clouds == 0 ? 0 : clouds * noise.fractal(at: point * 0.4, octaves: 2, footprint: footprint)
    let fine = grain == 0 ? 0 : grain * noise.fractal(at: point * 8, octaves: 2, footprint: footprint * 8)
    // There and back again: a plane has no end, and a surface may be placed anywhere on it.
    let (_, phase) = split(point.y * 0.12 + 0.25)
    let along = smooth(1 - abs(2 * phase - 1))
    return mix(colors.base, colors.accent, limited(along + uneven)) * (1 + fine)
  }
}

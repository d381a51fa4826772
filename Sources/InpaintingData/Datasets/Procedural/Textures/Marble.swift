import Support

/// Veins through cloudy stone: the zero lines of a noise whose plane was warped by another.
struct Marble: Texture {
  /// The cloudy ground.
  private let colors: ColorPair
  /// A dark shade of the accent.
  private let vein: Color
  /// Clouds, veins and what bends the veins, from different parts of one plane.
  private let noise: Noise
  /// The distance by which veins are carried off their way, in units of the noise.
  private let warp: Float
  /// The inverse of a vein's width, in units of the noise.
  private let sharpness: Float

  /// Light stone with veins of the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    // Marble is light, its veins are not.
    let pale = mix(colors.base, Color(repeating: 0.85), Float(stream.uniform(0.1..<0.55)))
    self.colors = ColorPair(base: pale, accent: mix(pale, colors.accent, 0.45))
    vein = colors.accent * 0.7
    noise = Noise(using: &stream)
    warp = Float(stream.uniform(0.4..<1.2))
    sharpness = Float(stream.uniform(3..<9))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let slow = noise.fractal(at: point * 0.7, octaves: 3, footprint: footprint * 0.7)
    let turned = Point(point.y, -point.x) * 0.5 + Point(31.7, 5.3)
    let other = noise.smooth(at: turned)
    let veins = noise.fractal(at: point * 0.6 + Point(slow, other) * warp, octaves: 3, footprint: footprint)
    let line = limited(1 - sharpness * abs(veins))
    let cloud = limited(0.5 + 0.7 * slow)
    return mix(mix(colors.base, colors.accent, cloud), vein, line * line * (0.45 + 0.35 * other))
  }
}

import Support

/// Rough stone, plaster, rust, earth: clouds of all sizes, with grains of a second color.
struct Stone: Texture {
  private let colors: ColorPair
  /// Clouds and grains.
  private let noise: Noise
  /// The strength with which the clouds swing between the colors.
  private let contrast: Float
  /// The lightening or darkening of single grains; 0 for none.
  private let speckle: Float
  /// Layers: how much the clouds are drawn out along one axis.
  private let stretch: Float

  /// Plaster to granite, in the colors given; some of it layered.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    noise = Noise(using: &stream)
    contrast = Float(stream.uniform(0.35..<1))
    speckle = stream.chance(0.5) ? Float(stream.uniform(0.05..<0.25)) : 0
    stretch = stream.chance(0.3) ? Float(stream.uniform(0.15..<0.4)) : 1
  }

  func color(at point: Point, footprint: Float) -> Color {
    let clouds = noise.fractal(
      at: Point(point.x * stretch, point.y) * 1.3, octaves: 5, footprint: footprint * 1.3)
    var color = mix(colors.base, colors.accent, limited(0.5 + contrast * clouds))
    if speckle > 0 {
      let visible = limited(2 - 40 * footprint)
      let grain = noise.smooth(at: point * 10)
      color *= 1 + speckle * visible * (smooth((grain - 0.25) * 4) - smooth((-grain - 0.35) * 4))
    }
    return color
  }
}

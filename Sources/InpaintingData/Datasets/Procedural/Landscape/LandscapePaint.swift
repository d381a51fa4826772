import Support

/// The texture of a landscape's part, in colors that reveal its class.
struct LandscapePaint: Sendable {
  private let texture: any Texture
  /// The number of repeats of the texture in one unit, across and down.
  private let repeats: Point
  private let offset: Point

  /// - Parameter repeats: The number of repeats in one unit, across and down.
  private init(_ texture: any Texture, repeats: Point, using stream: inout RandomStream) {
    self.texture = texture
    self.repeats = repeats
    offset = Point(Float(stream.uniform(0..<50)), Float(stream.uniform(0..<50)))
  }

  func color(at point: Point, footprint: Float) -> Color {
    texture.color(at: point * repeats + offset, footprint: footprint * repeats.min())
  }

  /// Blue, white or of evening, paler towards the horizon, with clouds.
  static func sky(using stream: inout RandomStream) -> Self {
    let tones: [(UInt32, UInt32)] = [
      (0x4f8fd0, 0xd7e8f5), (0x6fa8dc, 0xf2f6f8), (0x87a9c9, 0xe4e9ec), (0x7f9fd6, 0xf6d9b8),
    ]
    let (high, low) = tones[stream.integer(in: 0..<tones.count)]
    let clouds = Clouds(
      high: Color(hex: high), low: Color(hex: low), noise: Noise(using: &stream),
      share: Float(stream.uniform(-0.5..<0.4)))
    return Self(whole: clouds)
  }

  static func rock(using stream: inout RandomStream) -> Self {
    natural([(0x6d7385, 0xa9aebb), (0x5f5b6e, 0x938d9d), (0x74706b, 0xb5b0aa)], 8..<14, using: &stream)
  }

  static func grass(using stream: inout RandomStream) -> Self {
    natural([(0x6b9a3c, 0x9dbb58), (0x5d8c45, 0x86ad5a), (0x8fa64a, 0xbdc46a)], 14..<22, 2.2, using: &stream)
  }

  static func water(using stream: inout RandomStream) -> Self {
    natural([(0x1f4f73, 0x3d7f9f), (0x27606b, 0x4f98a0), (0x2c4a80, 0x4d74ac)], 4..<7, 5, using: &stream)
  }

  static func sand(using stream: inout RandomStream) -> Self {
    natural([(0xcbb58c, 0xe3d3b0), (0xb9a07a, 0xd8c39c)], 10..<18, using: &stream)
  }

  static func bark(using stream: inout RandomStream) -> Self {
    natural([(0x4a3626, 0x6d5238)], 20..<30, 0.3, using: &stream)
  }

  /// - Parameters:
  ///   - middle: The middle of the crown.
  ///   - height: The height of the tree.
  static func leaves(around middle: Point, height: Float, using stream: inout RandomStream) -> Self {
    let tones: [(UInt32, UInt32)] = [(0x1f4426, 0x3f6b35), (0x24502f, 0x4c7a3c), (0x2d4a1f, 0x5a7430)]
    let (dark, light) = tones[stream.integer(in: 0..<tones.count)]
    let leaves = Leaves(
      dark: Color(hex: dark), light: Color(hex: light), noise: Noise(using: &stream), middle: middle, height: height)
    return Self(whole: leaves)
  }

  /// - Parameters:
  ///   - origin: The wall's upper left corner.
  ///   - window: The side of a window.
  static func wall(origin: Point, window: Float, using stream: inout RandomStream) -> Self {
    let tones: [UInt32] = [0xefe3cf, 0xe9c9a0, 0xf3efe6, 0xdcb6a2, 0xe7d88f]
    let plaster = Color(hex: tones[stream.integer(in: 0..<tones.count)]) * Float(stream.uniform(0.88..<1.03))
    return Self(
      whole: Plaster(color: plaster, noise: Noise(using: &stream), origin: origin, window: window))
  }

  /// - Parameter size: The size of the house.
  static func tiles(size: Float, using stream: inout RandomStream) -> Self {
    let tones: [(UInt32, UInt32)] = [(0xa2452f, 0xc4694c), (0x8c3a30, 0xb05a48), (0xb35a34, 0xd08355)]
    let (base, accent) = tones[stream.integer(in: 0..<tones.count)]
    let tiles = Scales(ColorPair(base: Color(hex: base), accent: Color(hex: accent)), using: &stream)
    return Self(tiles, repeats: Point(repeating: 8 / size), using: &stream)
  }

  /// A rough natural texture in one of the pairs of colors.
  ///
  /// - Parameters:
  ///   - repeats: The number of repeats of the texture in one unit across.
  ///   - flatness: The factor for repeats down: above 1, grains lie flat.
  private static func natural(
    _ tones: [(UInt32, UInt32)], _ repeats: Range<Double>, _ flatness: Float = 1, using stream: inout RandomStream
  ) -> Self {
    let (base, accent) = tones[stream.integer(in: 0..<tones.count)]
    let light = Float(stream.uniform(0.9..<1.08))
    let colors = ColorPair(base: Color(hex: base) * light, accent: Color(hex: accent) * light)
    let across = Float(stream.uniform(repeats))
    return Self(Stone(colors, using: &stream), repeats: Point(across, across * flatness), using: &stream)
  }

  /// - Parameter texture: A texture in units of the picture's side.
  private init(whole texture: any Texture) {
    self.texture = texture
    repeats = Point(1, 1)
    offset = .zero
  }
}

/// A sky in units of the picture's side.
private struct Clouds: Texture {
  let high, low: Color
  let noise: Noise
  /// The part of the sky that clouds cover, from none below −0.5.
  let share: Float

  func color(at point: Point, footprint: Float) -> Color {
    let clouds = noise.fractal(at: Point(point.x * 3, point.y * 7), octaves: 4, footprint: footprint * 7)
    return mix(mix(high, low, smooth(point.y * 1.6)), Color(0.97, 0.97, 0.98), smooth((clouds + share) * 1.8))
  }
}

/// The leaves of one tree, lighter above and to the left, in units of the picture's side.
private struct Leaves: Texture {
  let dark, light: Color
  let noise: Noise
  let middle: Point
  let height: Float

  func color(at point: Point, footprint: Float) -> Color {
    let scale = 14 / height
    let leaf = noise.fractal(at: point * scale, octaves: 3, footprint: footprint * scale)
    let toLight = (middle - point) / height
    return mix(dark, light, limited(0.45 + 0.8 * leaf + 0.5 * (toLight.x + 1.5 * toLight.y)))
  }
}

/// A plastered wall with windows in rows, in units of the picture's side.
private struct Plaster: Texture {
  let color: Color
  let noise: Noise
  /// The wall's upper left corner.
  let origin: Point
  /// The side of a window.
  let window: Float

  func color(at point: Point, footprint: Float) -> Color {
    let stains = noise.fractal(at: point * 20, octaves: 3, footprint: footprint * 20)
    let wall = color * (1 + 0.06 * stains)
    let spacing = 2.1 * window
    let (_, across) = split((point.x - origin.x) / spacing)
    let (_, down) = split((point.y - origin.y) / spacing)
    let inside = (0.5 * window / spacing - max(abs(across - 0.5), abs(down - 0.5))) * spacing
    return mix(wall, Color(0.2, 0.23, 0.28), coverage(inside, footprint: footprint))
  }
}

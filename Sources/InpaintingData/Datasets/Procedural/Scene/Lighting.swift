import Foundation
import Support

/// The direction of the light of a scene, and its falloff over the picture.
struct Lighting: Sendable {
  /// Towards the light: x and y in the picture, z towards the viewer; of length 1.
  let towards: SIMD3<Float>
  /// The share of ambient light.
  let ambient: Float
  /// The darkness of shadows, 0...1.
  let shadow: Float
  /// The color and intensity of the light.
  private let tint: Color
  /// The gradient of the light's intensity, towards its side.
  private let slope: Point
  /// The darkening per squared distance from the middle, in units of the picture's side.
  private let vignette: Float

  /// Light from above, more or less slanting, a little warm or cold.
  init(using stream: inout RandomStream) {
    let angle = stream.uniform(-0.85 * Double.pi..<(-0.15 * Double.pi))
    let height = stream.uniform(0.45..<0.85)
    let across = (1 - height * height).squareRoot()
    towards = SIMD3(Float(cos(angle) * across), Float(sin(angle) * across), Float(height))
    ambient = Float(stream.uniform(0.4..<0.7))
    shadow = Float(stream.uniform(0.2..<0.6))
    let warmth = Float(stream.uniform(-0.05..<0.07))
    tint = Color(1 + warmth, 1 + 0.3 * warmth, 1 - warmth) * Float(stream.uniform(0.9..<1.12))
    slope = Point(towards.x, towards.y) * Float(stream.uniform(0..<0.35))
    vignette = Float(stream.uniform(0..<0.45))
  }

  /// The factor of colors at a point of the picture.
  func color(at point: Point) -> Color {
    let centered = point - Point(0.5, 0.5)
    return tint * (1 + (centered * slope).sum() - vignette * (centered * centered).sum())
  }

  /// The Lambertian shading of a surface whose normal is tilted by `lean` (0 faces the viewer, 1 is seen edge-on),
  /// relative to a surface that faces the viewer.
  func brightness(leaning lean: Point) -> Float {
    let facing = max(1 - (lean * lean).sum(), 0).squareRoot()
    let diffuse = max(lean.x * towards.x + lean.y * towards.y + facing * towards.z, 0)
    return ambient + (1 - ambient) * diffuse / towards.z
  }
}

/// The few colors that a scene is made of.
struct Palette: Sendable {
  /// Six colors, from dark to light and mostly of one hue, with one or two accents.
  let colors: [Color]

  /// One of the palettes below, slightly warmer or cooler, lighter or darker.
  init(using stream: inout RandomStream) {
    let chosen = Palette.muted[stream.integer(in: 0..<Palette.muted.count)]
    let light = Float(stream.uniform(0.82..<1.08))
    let warmth = Float(stream.uniform(-0.06..<0.06))
    let tint = Color(light + warmth, light, light - warmth)
    colors = chosen.map { (Color(hex: $0) * tint).displayable }
  }

  /// One of the colors; no two objects get exactly the same shade of it.
  func color(using stream: inout RandomStream) -> Color {
    let color = colors[stream.integer(in: 0..<colors.count)]
    let light = Float(stream.uniform(0.75..<1.2))
    let pale = mix(color, color.gray, Float(stream.uniform(0..<0.35)))
    return (pale * light).displayable
  }

  /// A second color to go with the first: usually a shade of it, sometimes another of the palette.
  func companion(of color: Color, using stream: inout RandomStream) -> Color {
    let other = self.color(using: &stream)
    if stream.chance(0.35) { return other }
    let light = stream.chance(0.6) ? Float(stream.uniform(0.55..<0.8)) : Float(stream.uniform(1.2..<1.45))
    return mix((color * light).displayable, other, 0.15)
  }

  /// Muted palettes: no color is pure, so that heaps of objects look natural.
  private static let muted: [[UInt32]] = [
    [0x8a7f6d, 0xb8a88a, 0x5d5548, 0x9c5b3f, 0xd6cbb3, 0x6f7d6a],  // dry grass
    [0x5c6b73, 0x9db4c0, 0xc2dfe3, 0x253237, 0x8d99a0, 0xb39c7d],  // harbour
    [0x6b4f3a, 0xa47148, 0xd4a276, 0x4a3728, 0xe6ccb2, 0x7f8a5e],  // bread
    [0x4f5d4e, 0x7d8f69, 0xa9b388, 0x2f3e33, 0xcfd2b2, 0x8c6a4f],  // moss
    [0x7a6f72, 0xa99ba0, 0xd3c5c3, 0x4d4449, 0x8b5e5a, 0xbfa58a],  // heather
    [0x3e4c59, 0x7b8794, 0xcbd2d9, 0x9aa5b1, 0x52606d, 0xa98467],  // slate
    [0xb08968, 0xddb892, 0x7f5539, 0xede0d4, 0x9c6644, 0x6d7f83],  // sand
    [0x70584a, 0x9e4f3c, 0xc08566, 0x48403b, 0xcdb79e, 0x59656b],  // brick
    [0x335c67, 0x6f9283, 0xe0d5a9, 0xb5814c, 0x7e3b34, 0x9db0a5],  // old poster
    [0x54494b, 0x7c7574, 0xa9a29b, 0xd9d4cb, 0x34302f, 0x8f7a5d],  // ash
    [0x5b7083, 0x87a0b2, 0xd5dde0, 0xb8a99a, 0x3b4a5a, 0x8e7f77],  // overcast
    [0x7d6b3d, 0xb0964f, 0xd8c690, 0x565a38, 0x8d4f2c, 0x9a9a84],  // autumn
    [0x6d7b74, 0xa3b1a5, 0xdfe3d8, 0x48564f, 0xb99f88, 0x84697a],  // sage
    [0x8c7b75, 0xc7b7a3, 0xeadbc8, 0x6d5d6e, 0x4f4557, 0xa78d78],  // linen
    [0x2f4550, 0x586f7c, 0xb8c4c9, 0x8a8d91, 0xc98b5b, 0xe0ddd5],  // evening
    [0x9a8c98, 0xc9ada7, 0xf2e9e4, 0x4a4e69, 0x6f6a7f, 0x8a7560],  // dusk
  ]
}

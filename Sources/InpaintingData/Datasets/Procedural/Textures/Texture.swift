import Support
import Tensors

/// A procedural texture: a color for each point of an infinite plane, on which one repeat of the pattern (a brick, a
/// tile, a plank's width) is about one unit.
protocol Texture: Sendable {
  /// - Parameter footprint: The side of a pixel in the plane's units; finer detail is averaged, so that there is no
  ///   aliasing in small pictures or near the horizon.
  func color(at point: Point, footprint: Float) -> Color
}

/// The textures by name, in the order of their files.
enum TextureKind: CaseIterable {
  case bricks, cells, checker, dots, gradient, hexagons, marble, scales, stone, stripes, weave, wood

  /// A random texture of this kind in colors of the palette.
  func texture(from palette: Palette, using stream: inout RandomStream) -> any Texture {
    /// The main color.
    let base = palette.color(using: &stream)
    let colors = ColorPair(base: base, accent: palette.companion(of: base, using: &stream))
    switch self {
    case .bricks: return Bricks(colors, using: &stream)
    case .cells: return Cells(colors, using: &stream)
    case .checker: return Checker(colors, using: &stream)
    case .dots: return Dots(colors, using: &stream)
    case .gradient: return Gradient(colors, using: &stream)
    case .hexagons: return Hexagons(colors, using: &stream)
    case .marble: return Marble(colors, using: &stream)
    case .scales: return Scales(colors, using: &stream)
    case .stone: return Stone(colors, using: &stream)
    case .stripes: return Stripes(colors, using: &stream)
    case .weave: return Weave(colors, using: &stream)
    case .wood: return Wood(colors, using: &stream)
    }
  }
}

/// The two colors of a texture.
struct ColorPair: Sendable {
  let base: Color
  /// Tones and patterns vary from the base towards it.
  let accent: Color

  /// The color of mortar, grout and gaps: a dull dark or light shade of both.
  func joint(using stream: inout RandomStream) -> Color {
    let both = mix(base, accent, 0.5)
    let dull = mix(both, both.gray, 0.5)
    return stream.chance(0.65) ? dull * 0.55 : mix(dull, Color(repeating: 0.85), 0.5)
  }
}

import Support
import Tensors

/// Paint for a surface: a color for each point of an endless plane, on which one repeat of the pattern (a brick, a
/// tile, a plank's width) is about one unit.
protocol Texture: Sendable {
  /// - Parameter footprint: The side of a pixel in the plane's units; what is finer is averaged rather than sampled, so
  ///   that pictures of every size, and grounds that run to the horizon, stay free of moiré.
  func colour(at point: Point, footprint: Float) -> Colour
}

/// The textures by name, in the order of their files.
enum TextureKind: CaseIterable {
  case bricks, cells, checker, dots, gradient, hexagons, marble, scales, stone, stripes, weave, wood

  /// Paint of this kind in colors of the palette.
  func texture(from palette: Palette, using stream: inout RandomStream) -> any Texture {
    /// The commoner of the two.
    let base = palette.colour(using: &stream)
    let colours = ColourPair(base: base, accent: palette.companion(of: base, using: &stream))
    switch self {
    case .bricks: return Bricks(colours, using: &stream)
    case .cells: return Cells(colours, using: &stream)
    case .checker: return Checker(colours, using: &stream)
    case .dots: return Dots(colours, using: &stream)
    case .gradient: return Gradient(colours, using: &stream)
    case .hexagons: return Hexagons(colours, using: &stream)
    case .marble: return Marble(colours, using: &stream)
    case .scales: return Scales(colours, using: &stream)
    case .stone: return Stone(colours, using: &stream)
    case .stripes: return Stripes(colours, using: &stream)
    case .weave: return Weave(colours, using: &stream)
    case .wood: return Wood(colours, using: &stream)
    }
  }
}

/// The paints of a texture.
struct ColourPair: Sendable {
  let base: Colour
  /// Tones, patterns and shades go from the base towards it.
  let accent: Colour

  /// Mortar, grout, gaps: a dull dark or light shade of both.
  func joint(using stream: inout RandomStream) -> Colour {
    let both = mix(base, accent, 0.5)
    let dull = mix(both, both.grey, 0.5)
    return stream.chance(0.65) ? dull * 0.55 : mix(dull, Colour(repeating: 0.85), 0.5)
  }
}

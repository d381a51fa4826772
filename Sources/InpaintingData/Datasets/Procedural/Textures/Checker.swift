import Support

/// Square tiles of two colors, one unit a tile, with or without grout.
struct Checker: Texture {
  private let colors: ColorPair
  /// Between the tiles, if there is a gap.
  private let grout: Color
  /// The tone of each tile, and stains that run over several.
  private let noise: Noise
  /// Half the gap between two tiles; 0 if they touch.
  private let joint: Float
  /// The difference between tiles of one color, and the strength of their stains.
  private let wear: Float

  /// Tiles of the two colors given.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    grout = colors.joint(using: &stream)
    noise = Noise(using: &stream)
    joint = stream.chance(0.5) ? Float(stream.uniform(0.015..<0.05)) : 0
    wear = Float(stream.uniform(0.02..<0.12))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (column, x) = split(point.x)
    let (row, y) = split(point.y)
    let edge = min(min(x, 1 - x), min(y, 1 - y))
    let odd = (column ^ row) & 1 != 0
    // On an edge a pixel is half one color, half the other.
    let own = 0.5 + 0.5 * limited(2 * edge / footprint)
    let tile = mix(odd ? colors.base : colors.accent, odd ? colors.accent : colors.base, own)
    let tone = 1 + wear * (2 * noise.value(column, row) - 1)
    let rough = 1 + wear * noise.fractal(at: point * 3, octaves: 3, footprint: footprint * 3)
    let laid = tile * (tone * rough)
    return joint == 0 ? laid : mix(grout, laid, coverage(edge - joint, footprint: max(footprint, 0.01)))
  }
}

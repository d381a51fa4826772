import Support

/// Six-sided floor tiles, one unit from side to side.
struct Hexagons: Texture {
  private let colors: ColorPair
  /// Between the tiles.
  private let grout: Color
  /// The tone of each tile, and stains.
  private let noise: Noise
  /// Half the gap between two tiles.
  private let joint: Float
  /// True if a tile has one color or the other, rather than something between.
  private let mosaic: Bool

  /// Tiles that vary about the base, or a mosaic of base and accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    grout = colors.joint(using: &stream)
    noise = Noise(using: &stream)
    joint = Float(stream.uniform(0.02..<0.06))
    mosaic = stream.chance(0.4)
  }

  func color(at point: Point, footprint: Float) -> Color {
    // The centers form two rectangular lattices, 1 x sqrt(3), the second shifted by half of each.
    let (column1, x1) = split(point.x + 0.5)
    let (row1, y1) = split(point.y / 1.732051 + 0.5)
    let first = Point(x1 - 0.5, (y1 - 0.5) * 1.732051)
    let (column2, x2) = split(point.x)
    let (row2, y2) = split(point.y / 1.732051)
    let second = Point(x2 - 0.5, (y2 - 0.5) * 1.732051)
    let nearer = (first * first).sum() < (second * second).sum()
    let local = nearer ? first : second

    let size = Point(abs(local.x), abs(local.y))
    let edge = 0.5 - max(size.x, size.x * 0.5 + size.y * 0.8660254)
    let tone = nearer ? noise.value(column1 &* 2, row1 &* 2) : noise.value(column2 &* 2 + 1, row2 &* 2 + 1)
    let share: Float = mosaic ? (tone < 0.3 ? 1 : 0) : tone * 0.4
    let rough = 1 + 0.05 * noise.fractal(at: point * 4, octaves: 2, footprint: footprint * 4)
    let tile = mix(colors.base, colors.accent, share) * rough * (0.96 + 0.08 * tone)
    return mix(grout, tile, coverage(edge - joint, footprint: max(footprint, 0.02)))
  }
}

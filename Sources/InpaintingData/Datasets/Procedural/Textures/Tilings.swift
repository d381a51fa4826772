import Support

/// Rows of bricks in running bond: one unit a brick, each burnt to its own tone, with bevelled edges.
struct Bricks: Texture {
  private let colors: ColorPair
  /// The color between the bricks.
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

/// Square tiles of two colors, one unit a tile, with or without grout.
struct Checker: Texture {
  private let colors: ColorPair
  /// The color between the tiles, if there is a gap.
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

/// Six-sided floor tiles, one unit from side to side.
struct Hexagons: Texture {
  private let colors: ColorPair
  /// The color between the tiles.
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

/// Roof tiles, shingles, fish: rows of round-ended plates, each row over the one below it.
struct Scales: Texture {
  private let colors: ColorPair
  /// The tone of each plate.
  private let noise: Noise
  /// The greatest share of the accent in a plate's color, 0...1.
  private let variation: Float

  /// Plates of the colors given, a unit wide.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    noise = Noise(using: &stream)
    variation = Float(stream.uniform(0.1..<0.7))
  }

  func color(at point: Point, footprint: Float) -> Color {
    // A plate hangs from its center, half a unit down; the rows are half a unit apart.
    let (row, y) = split(point.y * 2)
    let (column, x) = split(point.x + (row & 1 == 0 ? 0 : 0.5))
    let own = Point(x - 0.5, y * 0.5)
    let inside = coverage(0.5 - own.length, footprint: footprint)

    let nextX = x < 0.5 ? x : x - 1
    let below = Point(nextX, (y + 1) * 0.5)
    let shift: Int32 = row & 1 == 0 ? (x < 0.5 ? 0 : 1) : (x < 0.5 ? -1 : 0)
    // The row above is seen between two plates, in their shadow.
    let shadow = 0.6 + 0.4 * smooth((own.length - 0.5) / 0.25)
    let front = plate(column, row, depth: own.length)
    let behind = plate(column + shift, row - 1, depth: below.length) * shadow
    return mix(behind, front, inside)
  }

  /// A plate's color: darker where it goes under the row above, with a rim.
  ///
  /// - Parameter depth: The distance from its center, 0...0.5 on the plate itself.
  private func plate(_ column: Int32, _ row: Int32, depth: Float) -> Color {
    let rim = 1 - 0.18 * smooth((depth - 0.38) / 0.12)
    let tone = noise.value(column, row)
    return mix(colors.base, colors.accent, tone * variation) * (rim * (0.92 + 0.3 * depth))
  }
}

import Support

/// Printed cloth: discs of one color in staggered rows on another.
struct Dots: Texture {
  private let colors: ColorPair
  /// The radius of a disc; at half a unit the discs of a row would touch.
  private let radius: Float
  /// True if the middle of each disc is left out.
  private let ring: Bool

  /// Cloth of the base color with dots of the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    radius = Float(stream.uniform(0.18..<0.36))
    ring = stream.chance(0.25)
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (row, y) = split(point.y * 1.1547)
    let (_, x) = split(point.x + (row & 1 == 0 ? 0 : 0.5))
    let distance = Point(x - 0.5, (y - 0.5) / 1.1547).length
    var inside = coverage(radius - distance, footprint: footprint)
    if ring { inside -= coverage(radius * 0.55 - distance, footprint: footprint) }
    return mix(colors.base, colors.accent, inside)
  }
}

/// Bands of a few widths that repeat every unit: awnings, corduroy, painted boards.
struct Stripes: Texture {
  private let colors: ColorPair
  /// The thin line's color: pale or dark.
  private let third: Color
  /// The end of the wide band, and the start and end of the thin line beside it; all within 0...1.
  private let wide: Float
  private let line: (start: Float, end: Float)
  /// The darkness of the edges of a unit, as if each were a board or a fold; 0 is flat.
  private let relief: Float

  /// Bands of the colors given, two in five of them without the thin line.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    third = stream.chance(0.5) ? mix(colors.base, Color(repeating: 0.9), 0.6) : colors.accent * 0.6
    wide = Float(stream.uniform(0.3..<0.6))
    let start = wide + Float(stream.uniform(0.05..<0.15))
    line = stream.chance(0.6) ? (start, start + Float(stream.uniform(0.05..<0.12))) : (start, start)
    relief = stream.chance(0.4) ? Float(stream.uniform(0.1..<0.3)) : 0
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (_, phase) = split(point.y)
    // The share of the pixel below a border, summed over the neighboring repeats.
    func above(_ border: Float) -> Float {
      coverage(phase - border, footprint: footprint) + coverage(phase - 1 - border, footprint: footprint)
        + coverage(phase + 1 - border, footprint: footprint) - 1
    }
    let band = above(0) - above(wide)
    let thin = above(line.start) - above(line.end)
    let color = mix(mix(colors.base, colors.accent, limited(band)), third, limited(thin))
    let fold = 4 * phase * (1 - phase)
    return color * (1 - relief + relief * fold * 1.3)
  }
}

/// Wicker and cloth: threads that pass over and under each other, two of each to a unit.
struct Weave: Texture {
  /// The threads along x and those along y; near to each other, as in cloth.
  private let colors: ColorPair
  /// The tone of each thread.
  private let noise: Noise
  /// The darkness of a thread where it dips, 0...1.
  private let depth: Float

  /// Threads of the two colors given.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = ColorPair(base: colors.base, accent: mix(colors.base, colors.accent, 0.6))
    noise = Noise(using: &stream)
    depth = Float(stream.uniform(0.35..<0.8))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (column, x) = split(point.x * 2)
    let (row, y) = split(point.y * 2)
    let lengthwise = (column ^ row) & 1 == 0
    // Along the thread on top it rises and dips; across, it is round.
    let along = lengthwise ? x : y
    let across = lengthwise ? y : x
    let rise = 4 * along * (1 - along)
    let round = 4 * across * (1 - across)
    let height = (0.45 + 0.55 * rise) * round.squareRoot()
    let tone = lengthwise ? noise.value(0, row) : noise.value(column, 1)
    let thread = (lengthwise ? colors.base : colors.accent) * (0.93 + 0.14 * tone)
    // Threads finer than a pixel are averaged to one tone.
    let visible = limited(2 - 4 * footprint)
    return thread * (1 - depth * (0.35 + visible * (0.65 - height)))
  }
}

import Support

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
    // Too fine to see: cloth of one tone.
    let visible = limited(2 - 4 * footprint)
    return thread * (1 - depth * (0.35 + visible * (0.65 - height)))
  }
}

import Support

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
    // How much of the pixel lies below a border, counted over the repeats on either side.
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

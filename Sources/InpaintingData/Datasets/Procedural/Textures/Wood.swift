import Support

/// Boards, one unit wide, cut at random lengths; grain along x, each board from another place in the tree.
struct Wood: Texture {
  /// Spring wood, and the darker wood of summer and of the gaps.
  private let colors: ColorPair
  /// Tones, joints and the bend of the rings.
  private let noise: Noise
  /// Of a board, in units of its width.
  private let length: Float
  /// The number of annual rings across a board, about.
  private let rings: Float
  /// Half the gap between two boards; 0 if they touch.
  private let gap: Float

  /// Brown boards with a touch of the base color.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    // Wood is brown; paint it only a little.
    let brown = mix(Color(hex: 0x9b6f45), Color(hex: 0x5d4330), Float(stream.uniform()))
    let base = mix(brown, colors.base, Float(stream.uniform(0.15..<0.75)))
    self.colors = ColorPair(base: base, accent: base * Float(stream.uniform(0.55..<0.8)))
    noise = Noise(using: &stream)
    length = Float(stream.uniform(3..<8))
    rings = Float(stream.uniform(1.5..<4))
    gap = stream.chance(0.85) ? Float(stream.uniform(0.012..<0.035)) : 0
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (board, across) = split(point.y)
    let (piece, along) = split(point.x / length + noise.value(board, 7))
    let tone = noise.value(board, piece)
    // Each piece looks at its own part of the noise.
    let place = Point(point.x * 0.22 + tone * 91, point.y + noise.value(piece, board) * 57)
    let bend = noise.smooth(at: place)
    let (_, ring) = split((bend + 0.35 * point.y) * rings)
    let ringVisible = limited(2 - 4 * rings * footprint)
    let early = smooth(ring / 0.75) * (1 - smooth((ring - 0.8) / 0.2)) * ringVisible + 0.4 * (1 - ringVisible)
    let fibre = noise.fractal(at: Point(place.x * 4, point.y * 14), octaves: 2, footprint: footprint * 14)
    let board1 = mix(colors.base, colors.accent, limited(0.6 * early + 0.3 * fibre)) * (0.85 + 0.3 * tone)
    if gap == 0 { return board1 }
    let edge = min(min(across, 1 - across), min(along, 1 - along) * length)
    return mix(colors.accent * 0.45, board1, coverage(edge - gap, footprint: max(footprint, 0.02)))
  }
}

import Support

/// Cobbles, cracked mud, giraffe: the nearest of randomly placed centers owns a point (Worley, 1996).
struct Cells: Texture {
  private let colors: ColorPair
  /// Sand between cobbles, the dark of a crack.
  private let gap: Color
  /// The positions of the centers, and the roughness.
  private let noise: Noise
  /// The least difference of the distances to the two nearest centers at which a point is no gap.
  private let joint: Float
  /// The darkening of a cell towards its border, 0 (flat) to 1.
  private let roundness: Float
  /// The greatest share of the accent in a cell's color, 0...1.
  private let variation: Float

  /// Cells of the colors given; tight or loose, flat or domed.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    gap = colors.joint(using: &stream)
    noise = Noise(using: &stream)
    joint = Float(stream.uniform(0.03..<0.12))
    roundness = Float(stream.uniform(0..<0.7))
    variation = Float(stream.uniform(0.2..<0.9))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let (column, x) = split(point.x)
    let (row, y) = split(point.y)
    var nearest: Float = 9
    var second: Float = 9
    var owner: UInt32 = 0
    for down in Int32(-1)...1 {
      for across in Int32(-1)...1 {
        let bits = noise.bits(column + across, row + down)
        // Centers keep to the middle of their squares: cells of similar size, as cobbles are.
        let dx = Float(across) + 0.15 + 0.7 * Float(bits & 0xffff) * 0x1p-16 - x
        let dy = Float(down) + 0.15 + 0.7 * Float(bits >> 16) * 0x1p-16 - y
        let distance = dx * dx + dy * dy
        if distance < nearest {
          second = nearest
          nearest = distance
          owner = bits
        } else if distance < second {
          second = distance
        }
      }
    }
    let border = second.squareRoot() - nearest.squareRoot()
    let tone = Float((owner &* 0x9e37_79b1) >> 8) * 0x1p-24
    let dome = 1 - roundness * min(nearest, 1)
    let rough = 1 + 0.1 * noise.fractal(at: point * 5, octaves: 2, footprint: footprint * 5)
    let cell = mix(colors.base, colors.accent, tone * variation) * (dome * rough)
    return mix(gap, cell, coverage(border - joint, footprint: max(2 * footprint, 0.05)))
  }
}

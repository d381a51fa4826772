import Support

/// Cellular noise (Worley, 1996): cobbles, cracked mud, giraffe skin. A point belongs to the nearest of randomly placed
/// centers.
struct Cells: Texture {
  private let colors: ColorPair
  /// The color between cells.
  private let gap: Color
  /// The positions of the centers, and the roughness.
  private let noise: Noise
  /// The difference of the distances to the two nearest centers below which a point is gap.
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
        // Centers stay near the middle of their squares, so that cells have similar sizes, like cobbles.
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

/// Plain paint that runs slowly from one color to another: walls, skies, cloth, skin of fruit.
struct Gradient: Texture {
  private let colors: ColorPair
  /// Clouds and grain.
  private let noise: Noise
  /// The strength of the clouds that disturb the gradient, 0 for none.
  private let clouds: Float
  /// The roughness of the paint, 0 for enamel.
  private let grain: Float

  /// Paint that stays nearer to the base than to the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    // A shade of the first color, seldom all the way to the second.
    let share = Float(stream.uniform(0.2..<0.7))
    self.colors = ColorPair(base: colors.base, accent: mix(colors.base, colors.accent, share))
    noise = Noise(using: &stream)
    clouds = Float(stream.uniform(0..<0.5))
    grain = stream.chance(0.5) ? Float(stream.uniform(0..<0.05)) : 0
  }

  func color(at point: Point, footprint: Float) -> Color {
    let uneven = clouds == 0 ? 0 : clouds * noise.fractal(at: point * 0.4, octaves: 2, footprint: footprint)
    let fine = grain == 0 ? 0 : grain * noise.fractal(at: point * 8, octaves: 2, footprint: footprint * 8)
    // A triangle wave, as the plane is infinite, and a surface may lie anywhere on it.
    let (_, phase) = split(point.y * 0.12 + 0.25)
    let along = smooth(1 - abs(2 * phase - 1))
    return mix(colors.base, colors.accent, limited(along + uneven)) * (1 + fine)
  }
}

/// Veins through cloudy stone: the zero set of a noise that is warped by another.
struct Marble: Texture {
  /// The cloudy ground.
  private let colors: ColorPair
  /// A dark shade of the accent.
  private let vein: Color
  /// Clouds, veins and what bends the veins, from different parts of one plane.
  private let noise: Noise
  /// The amplitude of the warp, in units of the noise.
  private let warp: Float
  /// The inverse of a vein's width, in units of the noise.
  private let sharpness: Float

  /// Light stone with veins of the accent.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    // Marble is light, its veins are not.
    let pale = mix(colors.base, Color(repeating: 0.85), Float(stream.uniform(0.1..<0.55)))
    self.colors = ColorPair(base: pale, accent: mix(pale, colors.accent, 0.45))
    vein = colors.accent * 0.7
    noise = Noise(using: &stream)
    warp = Float(stream.uniform(0.4..<1.2))
    sharpness = Float(stream.uniform(3..<9))
  }

  func color(at point: Point, footprint: Float) -> Color {
    let slow = noise.fractal(at: point * 0.7, octaves: 3, footprint: footprint * 0.7)
    let turned = Point(point.y, -point.x) * 0.5 + Point(31.7, 5.3)
    let other = noise.smooth(at: turned)
    let veins = noise.fractal(at: point * 0.6 + Point(slow, other) * warp, octaves: 3, footprint: footprint)
    let line = limited(1 - sharpness * abs(veins))
    let cloud = limited(0.5 + 0.7 * slow)
    return mix(mix(colors.base, colors.accent, cloud), vein, line * line * (0.45 + 0.35 * other))
  }
}

/// Rough stone, plaster, rust, earth: clouds of all sizes, with grains of a second color.
struct Stone: Texture {
  private let colors: ColorPair
  /// Clouds and grains.
  private let noise: Noise
  /// The contrast of the clouds between the two colors.
  private let contrast: Float
  /// The lightening or darkening of single grains; 0 for none.
  private let speckle: Float
  /// The factor by which the clouds are stretched along one axis, which makes layers.
  private let stretch: Float

  /// Plaster to granite, in the colors given; some of it layered.
  init(_ colors: ColorPair, using stream: inout RandomStream) {
    self.colors = colors
    noise = Noise(using: &stream)
    contrast = Float(stream.uniform(0.35..<1))
    speckle = stream.chance(0.5) ? Float(stream.uniform(0.05..<0.25)) : 0
    stretch = stream.chance(0.3) ? Float(stream.uniform(0.15..<0.4)) : 1
  }

  func color(at point: Point, footprint: Float) -> Color {
    let clouds = noise.fractal(
      at: Point(point.x * stretch, point.y) * 1.3, octaves: 5, footprint: footprint * 1.3)
    var color = mix(colors.base, colors.accent, limited(0.5 + contrast * clouds))
    if speckle > 0 {
      let visible = limited(2 - 40 * footprint)
      let grain = noise.smooth(at: point * 10)
      color *= 1 + speckle * visible * (smooth((grain - 0.25) * 4) - smooth((-grain - 0.35) * 4))
    }
    return color
  }
}

/// Boards, one unit wide, cut at random lengths; grain along x, each board from another place in the tree.
struct Wood: Texture {
  /// Spring wood, and the darker wood of summer and of the gaps.
  private let colors: ColorPair
  /// Tones, joints and the bend of the rings.
  private let noise: Noise
  /// The length of a board, in units of its width.
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
    // Each piece samples its own part of the noise.
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

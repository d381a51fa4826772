import Support

/// The layout of a landscape, before anything is drawn: the same for every picture size.
///
/// Sky, mountains, a meadow with a lake and a path, houses and trees: the appearance of a part reveals its class, as in
/// photographs of outdoor scenes, and classes have typical positions (the sky is above, houses stand on the ground).
struct Landscape: Sendable {
  /// The farthest first; the sky is everywhere behind the others.
  let parts: [LandscapePart]
  let lighting: Lighting

  /// The landscape with that index in the seed's endless series.
  init(seed: UInt64, index: Int) {
    var stream = RandomStream(seed: seed, purpose: "procedural landscape", step: index)
    lighting = Lighting(using: &stream)
    let horizon = Float(stream.uniform(0.3..<0.62))
    var parts = [LandscapePart(.everything, class: "sky", paint: .sky(using: &stream))]
    for _ in 0..<stream.integer(in: 0..<3) {
      parts.append(
        LandscapePart(
          .ridge(
            height: horizon - Float(stream.uniform(0.02..<0.16)), relief: Float(stream.uniform(0.06..<0.2)),
            width: Float(stream.uniform(0.2..<0.5)), noise: Noise(using: &stream)),
          class: "mountain", paint: .rock(using: &stream)))
    }
    parts.append(
      LandscapePart(
        .ridge(
          height: horizon, relief: Float(stream.uniform(0..<0.05)), width: Float(stream.uniform(0.3..<0.8)),
          noise: Noise(using: &stream)),
        class: "meadow", paint: .grass(using: &stream)))
    if stream.chance(0.55) {
      parts.append(
        LandscapePart(.lake(behind: horizon, using: &stream), class: "water", paint: .water(using: &stream)))
    }
    if stream.chance(0.5) {
      parts.append(
        LandscapePart(.path(from: horizon, using: &stream), class: "path", paint: .sand(using: &stream)))
    }
    self.parts = parts + Self.standing(behind: horizon, using: &stream)
  }

  /// Houses and trees, the farthest first: what stands nearer stands lower in the picture, and is larger.
  private static func standing(behind horizon: Float, using stream: inout RandomStream) -> [LandscapePart] {
    var groups: [(foot: Float, parts: [LandscapePart])] = []
    func position() -> (foot: Point, size: Float) {
      let nearness = Float(stream.uniform(0.03..<0.4))
      let foot = Point(Float(stream.uniform(0..<1)), horizon + nearness)
      return (foot, 0.12 + 0.75 * nearness)
    }
    for _ in 0..<stream.integer(in: 0..<4) {
      let (foot, size) = position()
      groups.append((foot.y, LandscapePart.house(at: foot, size: size, using: &stream)))
    }
    for _ in 0..<stream.integer(in: 0..<8) {
      let (foot, size) = position()
      groups.append((foot.y, LandscapePart.tree(at: foot, size: size, using: &stream)))
    }
    return groups.sorted { $0.foot < $1.foot }.flatMap(\.parts)
  }
}

/// A front-to-back renderer of a landscape: a pixel is done at the first part that covers it.
struct LandscapeRenderer {
  let landscape: Landscape
  let size: Int

  /// The picture's pixels, and the index of the part that each shows.
  func draw() -> (pixels: [UInt8], surfaces: [UInt16]) {
    var pixels = [UInt8](repeating: 0, count: size * size * 3)
    var surfaces = [UInt16](repeating: 0, count: size * size)
    for pixel in 0..<size * size {
      let point = Point(Float(pixel % size) + 0.5, Float(pixel / size) + 0.5) / Float(size)
      let (color, surface) = shown(at: point)
      surfaces[pixel] = surface
      let bytes = (color * landscape.lighting.color(at: point)).displayable * 255 + 0.5
      for channel in 0..<3 { pixels[pixel * 3 + channel] = UInt8(bytes[channel]) }
    }
    return (pixels, surfaces)
  }

  private func shown(at point: Point) -> (color: Color, surface: UInt16) {
    let footprint = 1 / Float(size)
    var color = Color.zero
    var open: Float = 1
    var surface: UInt16?
    for (number, part) in landscape.parts.enumerated().reversed() {
      let cover = coverage(-part.form.distance(at: point), footprint: footprint)
      guard cover > 0 else { continue }
      color += part.color(at: point, footprint: footprint) * (cover * open)
      open *= 1 - cover
      if surface == nil, cover >= 0.5 { surface = UInt16(number) }
      // Less than half a level of 8 bits.
      if open < 0.002 { break }
    }
    return (color, surface ?? 0)
  }
}

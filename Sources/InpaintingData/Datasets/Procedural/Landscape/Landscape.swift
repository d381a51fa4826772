import Support

/// The layout of a landscape, before anything is drawn: the same for every picture size.
///
/// Sky, mountains, a meadow with a lake and a path, houses and trees: what a part shows tells its class, as in
/// photographs of outdoor scenes, and classes have their places (the sky is above, houses stand on the ground).
struct Landscape: Sendable {
  /// The farthest first; the sky is everywhere behind the others.
  let parts: [LandscapePart]
  let lighting: Lighting

  /// The landscape with that number of the seed's endless series.
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

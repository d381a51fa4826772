/// Fine detail for a smooth prediction: the high frequencies of a fill with patches.
///
/// A network that minimizes errors blurs what it cannot predict; a fill with patches (Wexler et al., 2007) predicts
/// little but is sharp. Low frequencies come from the network and high ones from the patches: filled + strength ·
/// (patches − Gaussian of the patches).
package struct PatchDetail: Hashable, Sendable {
  /// The share of the detail that is added, 0...1; 0 adds nothing.
  package let strength: Double
  /// The standard deviation of the Gaussian, in pixels.
  private let deviation: Double

  /// The standard deviation for a prediction at the network's own resolution.
  private static let defaultStandardDeviation = 1.5

  /// - Parameter scale: The factor by which the network's output was enlarged, at least 1.
  package init(strength: Double, scale: Double = 1) {
    precondition((0...1).contains(strength), "PatchDetail: expected a strength of 0 to 1, found \(strength)")
    self.strength = strength
    deviation = Self.defaultStandardDeviation * max(1, scale)
  }

  /// A filled picture with detail added in its hole only; unchanged at a strength of 0.
  ///
  /// - Parameters:
  ///   - known: The picture that patches are taken from; the contents of the hole are ignored.
  ///   - threads: The maximum number of threads; the result does not depend on it.
  ///   - isCancelled: As in `ClassicalFill.fill`.
  /// - Precondition: Sizes and channels agree.
  package func added(
    to filled: Picture, of known: Picture, hole: Hole, threads: Int, isCancelled: @Sendable () -> Bool = { false }
  ) -> Picture {
    guard strength > 0, !hole.isEmpty else { return filled }
    precondition(
      [filled.width, filled.height, filled.channels] == [known.width, known.height, known.channels],
      "PatchDetail: \(filled.width)x\(filled.height)x\(filled.channels) and \(known.width)x\(known.height)x\(known.channels) differ"
    )
    var patches = known
    ClassicalFill.patches.fill(&patches, hole: hole, threads: threads, isCancelled: isCancelled)
    var detailed = filled
    let (blur, channels) = (GaussianBlur(sigma: deviation), filled.channels)
    for channel in 0..<channels {
      let plane = PictureValues(
        width: filled.width, height: filled.height, channels: 1,
        values: hole.values.indices.map { Double(patches.pixels[$0 * channels + channel]) / 255 })
      let smooth = blur.blurred(plane)
      for pixel in hole.values.indices where hole.values[pixel] != 0 {
        let index = pixel * channels + channel
        let detail = plane.values[pixel] - smooth.values[pixel]
        detailed.pixels[index] = PictureValues.level(Double(filled.pixels[index]) / 255 + strength * detail)
      }
    }
    return detailed
  }
}

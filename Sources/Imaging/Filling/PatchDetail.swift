/// Fine detail for a smooth filling: what patches of the known picture have that is finer than the filling can show.
///
/// A network that minimizes errors blurs what it cannot foresee, and patches (Wexler et al., 2007) foresee nothing but look
/// sharp. Of both, this takes colors and shapes from the network, and grain from the patches: filled + strength · (patches −
/// Gaussian of the patches).
package struct PatchDetail: Hashable, Sendable {
  /// The share of the detail that is added, 0...1; 0 adds nothing.
  package let strength: Double
  /// The standard deviation of the Gaussian in pixels: what is finer is detail.
  private let deviation: Double

  /// The deviation for a filling that is as sharp as a network's own pixels.
  private static let usualDeviation = 1.5

  /// - Parameter scale: The pixels of the picture that one pixel of the network's became, at least 1.
  package init(strength: Double, scale: Double = 1) {
    precondition((0...1).contains(strength), "PatchDetail: expected a strength of 0 to 1, found \(strength)")
    self.strength = strength
    deviation = Self.usualDeviation * max(1, scale)
  }

  /// A filled picture with detail in its hole; what is outside stays as it is, and so does everything at a strength of 0.
  ///
  /// - Parameters:
  ///   - known: The picture whose known pixels patches are taken of; what it shows in the hole plays no part.
  ///   - threads: The most threads that compute; the result does not depend on it.
  ///   - isCancelled: As of `ClassicalFill.fill`.
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

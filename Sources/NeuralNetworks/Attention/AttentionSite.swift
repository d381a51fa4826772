/// A part of a generator where attention can be put: the value of `at` in configurations.
package enum GeneratorPart: String, CaseIterable, Sendable {
  /// After the layers that see furthest: DeepFill's dilated stack, the last layer of a U-Net's encoder.
  case bottleneck
  /// The branch beside them, where the DeepFills have their contextual attention.
  case parallel
  /// After the layers of the decoder that work at one scale.
  case decoder
  /// The way from the encoder to the decoder at one scale. The DeepFills have no such way: this makes one.
  case skip

  /// As in "in the decoder".
  package var description: String {
    switch self {
    case .bottleneck: "at the bottleneck"
    case .parallel: "in the parallel branch"
    case .decoder: "in the decoder"
    case .skip: "on the skip connection"
    }
  }
}

/// A site of attention in a certain generator, and the features that are there.
package struct AttentionSite: Hashable, Sendable {
  package let part: GeneratorPart
  /// The fraction of a picture's height and width that the features have: 4 for a quarter.
  package let scale: Int
  package let channels: Int
  /// Divisor of the features' height and width, whatever the pictures.
  package let sizeMultiple: Int
  /// True if features go this way only if attention is put there, which may then change how many there are.
  package let isAdded: Bool
  /// True if the network has predicted the classes of pixels before it comes there.
  package let hasLabels: Bool

  package init(
    _ part: GeneratorPart, scale: Int, channels: Int, sizeMultiple: Int = 1, isAdded: Bool = false,
    hasLabels: Bool = false
  ) {
    self.part = part
    self.scale = scale
    self.channels = channels
    self.sizeMultiple = sizeMultiple
    self.isAdded = isAdded
    self.hasLabels = hasLabels
  }

  /// As in "in the decoder, at half of the size, 96 channels".
  package var description: String {
    let size =
      switch scale {
      case 1: "the full size"
      case 2: "half of the size"
      case 4: "a quarter of the size"
      default: "1/\(scale) of the size"
      }
    return "\(part.description), at \(size), \(channels) channels"
  }
}

/// Where attention can be put in a generator.
public enum AttentionPlace: String, CaseIterable, Sendable {
  /// After the layers that see furthest: DeepFill's dilated stack, the last layer of a U-Net's encoder.
  case bottleneck
  /// In the branch beside them, where the DeepFills have their contextual attention.
  case parallel
  /// After the layers of the decoder that work at one scale.
  case decoder
  /// On the way from the encoder to the decoder at one scale. The DeepFills have no such way: this makes one.
  case skip
}

/// A place in a certain generator, and the features that are there.
public struct AttentionSite: Hashable, Sendable {
  public let place: AttentionPlace
  /// What part of a picture's height and width the features have: 4 for a quarter.
  public let scale: Int
  public let channels: Int
  /// What the features' height and width are multiples of.
  public let sizeMultiple: Int
  /// Whether features go this way only if attention is put there, which may then change how many there are.
  public let isAdded: Bool

  public init(_ place: AttentionPlace, scale: Int, channels: Int, sizeMultiple: Int = 1, isAdded: Bool = false) {
    self.sizeMultiple = sizeMultiple
    self.isAdded = isAdded
    self.place = place
    self.scale = scale
    self.channels = channels
  }

  /// As in "at the decoder, a half of the size".
  public var description: String {
    let size =
      switch scale {
      case 1: "the full size"
      case 2: "half of the size"
      case 4: "a quarter of the size"
      default: "1/\(scale) of the size"
      }
    return "at the \(place.rawValue), \(size), \(channels) channels"
  }
}

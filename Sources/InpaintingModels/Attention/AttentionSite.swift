/// A place in a certain generator, and the features that are there.
package struct AttentionSite: Hashable, Sendable {
  package let place: AttentionPlace
  /// What part of a picture's height and width the features have: 4 for a quarter.
  package let scale: Int
  package let channels: Int
  /// What the features' height and width are multiples of.
  package let sizeMultiple: Int
  /// Whether features go this way only if attention is put there, which may then change how many there are.
  package let isAdded: Bool

  package init(_ place: AttentionPlace, scale: Int, channels: Int, sizeMultiple: Int = 1, isAdded: Bool = false) {
    self.sizeMultiple = sizeMultiple
    self.isAdded = isAdded
    self.place = place
    self.scale = scale
    self.channels = channels
  }

  /// As in "at the decoder, a half of the size".
  package var description: String {
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

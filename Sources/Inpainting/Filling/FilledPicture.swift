import Imaging

/// A picture whose hole `PictureFiller` has filled, with what was asked for beside it.
package struct FilledPicture: Sendable {
  /// The picture with its hole filled; every other pixel, opacity and all metadata are those of the original.
  package let picture: Picture
  /// The same with the hole filled by each of the network's earlier stages, by the stages' names; empty unless asked for.
  package let stages: [(name: String, picture: Picture)]
  /// The offset of each filled pixel to where the network's attention looked, zero elsewhere; nil unless asked for, or if
  /// the model has no attention.
  package let offsets: OffsetField?
  /// The same as a color for each filled pixel, white elsewhere.
  package var attention: Picture? { offsets?.picture }
  /// The classes of the pixels as the network sees them, also of the missing ones; ignored where it saw nothing. Nil unless
  /// asked for, or if the model predicts none.
  package let labels: LabelMap?
  /// The same of each scale before the last of a network that decides on labels at several, by the scales' names.
  package let scaleLabels: [(name: String, map: LabelMap)]
  /// The way in which the picture was cut.
  package let strategy: FillingStrategy
  /// The number of times that the network ran.
  package let regionCount: Int
}

/// The parts that may be shown beside a filled picture.
package struct ShownParts: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The pictures of the stages before the last.
  package static let stages = ShownParts(rawValue: 1)
  /// The pixels that the attention looked at.
  package static let attention = ShownParts(rawValue: 2)
  /// The classes of pixels, for people to change.
  package static let labels = ShownParts(rawValue: 4)

  /// The first of the parts, as it is asked for; nil of none.
  var name: String? {
    let names: [(ShownParts, String)] = [(.stages, "stages"), (.attention, "attention"), (.labels, "labels")]
    return names.first { contains($0.0) }?.1
  }
}

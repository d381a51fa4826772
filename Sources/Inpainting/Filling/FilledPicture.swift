import Imaging

/// What `PictureFiller` makes of a picture with a hole.
package struct FilledPicture: Sendable {
  /// The picture with its hole filled; every other pixel, opacity and all metadata are those of the original.
  package let picture: Picture
  /// The same with the hole filled by each of the network's earlier stages, by the stages' names; empty unless asked for.
  package let stages: [(name: String, picture: Picture)]
  /// A colour for each filled pixel that tells where the network's attention looked, white elsewhere; nil unless asked
  /// for, or if the model has no attention.
  package let attention: Picture?
  /// How the picture was cut.
  package let strategy: FillingStrategy
  /// How many times the network ran.
  package let regionCount: Int
}

/// What may be shown beside a filled picture.
package struct ShownParts: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The pictures of the stages before the last.
  package static let stages = ShownParts(rawValue: 1)
  /// Where the attention looked.
  package static let attention = ShownParts(rawValue: 2)
}

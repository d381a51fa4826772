/// The part of a picture that a network sees at once.
public enum FillingStrategy: String, CaseIterable, Sendable {
  /// The whole picture at its own size. Memory and time grow with the picture, and a network that was trained with
  /// smaller pictures may see too little of what surrounds a large hole.
  case whole
  /// The surroundings of each hole, at a size that the network was trained for.
  case crop

  /// The strategy that suits a picture: `whole` up to one and a half times the size of the training, `crop` above.
  static func suiting(width: Int, height: Int, trainedSize: Int) -> FillingStrategy {
    2 * max(width, height) <= 3 * trainedSize ? .whole : .crop
  }
}

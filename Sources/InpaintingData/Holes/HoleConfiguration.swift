import Support

/// The holes to make, as plain values that a configuration file can hold.
package indirect enum HoleConfiguration: Equatable, Sendable {
  /// One box.
  case box(BoxHoles)
  /// Wandering brush strokes.
  case freeForm(FreeFormHoles)
  /// Broken lines.
  case irregular(IrregularHoles)
  /// Hole pictures of a folder or list file.
  case pictures(PictureSource)
  /// All of them on top of each other.
  case union([HoleConfiguration])

  /// The generator for square pictures of a size, with every value checked against it.
  ///
  /// - Parameters:
  ///   - pictures, onNotice: As `HolePictures.init`.
  /// - Throws: `Failure` of kind `configuration` if a value is out of range; whatever `HolePictures.init` throws.
  package func generator(
    pictureSize: Int, pictures: [ListedPicture] = [], onNotice: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> any HoleGenerator {
    switch self {
    case .box(let holes):
      try holes.check(pictureSize: pictureSize)
      return holes
    case .freeForm(let holes):
      try holes.check()
      return holes
    case .irregular(let holes):
      try holes.check()
      return holes
    case .pictures(let source):
      return try HolePictures(source, pictures: pictures, onNotice: onNotice)
    case .union(let parts):
      if parts.isEmpty {
        throw Failure(.configuration, "The union of holes has no parts: expected at least one kind of hole.")
      }
      return UnionHoles(
        try parts.map { try $0.generator(pictureSize: pictureSize, pictures: pictures, onNotice: onNotice) })
    }
  }
}

package import Imaging
package import Support

/// A generator of holes: a pure function of a random stream and a size.
package protocol HoleGenerator: Sendable {
  /// One drawing, which may by chance be empty or cover everything; use `hole(width:height:using:)` for training.
  ///
  /// - Throws: `Failure` of kind `data` if holes come from files, of which none can be used.
  func drawing(width: Int, height: Int, using stream: inout RandomStream) throws -> Hole

  /// The hole pictures in use; none if holes are drawn.
  var holePictures: [HolePictures] { get }
}

/// The maximum number of drawings for a hole.
enum HoleTries {
  static let count = 20
}

extension HoleGenerator {
  package var holePictures: [HolePictures] { [] }

  /// A hole with both missing and known pixels: it is drawn again if it covers nothing or everything. Nil after 20
  /// tries.
  ///
  /// - Precondition: The picture has at least two pixels.
  /// - Throws: `Failure` of kind `data` if holes come from files, of which none can be used.
  package func hole(width: Int, height: Int, using stream: inout RandomStream) throws -> Hole? {
    precondition(width * height > 1, "HoleGenerator.hole: a picture of one pixel has no room for a hole")
    for _ in 0..<HoleTries.count {
      let hole = try drawing(width: width, height: height, using: &stream)
      if !hole.isEmpty && !hole.coversEverything { return hole }
    }
    return nil
  }
}

extension Hole {
  /// A box of half the sides (at least one pixel) in the middle: the usual hole of benchmarks.
  package static func centeredBox(width: Int, height: Int) -> Hole {
    var hole = Hole(width: width, height: height)
    let boxWidth = max(1, width / 2)
    let boxHeight = max(1, height / 2)
    hole.fillRectangle(
      x: (width - boxWidth) / 2, y: (height - boxHeight) / 2, width: boxWidth, height: boxHeight)
    return hole
  }
}

/// The configuration of holes, as plain values.
package indirect enum HoleConfiguration: Equatable, Sendable {
  /// One box.
  case box(BoxHoles)
  /// Random brush strokes.
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
        throw Failure(.configuration, "holes: expected at least one kind of hole in a union, found none.")
      }
      return UnionHoles(
        try parts.map { try $0.generator(pictureSize: pictureSize, pictures: pictures, onNotice: onNotice) })
    }
  }
}

/// The union of the holes of several generators, such as strokes and a box for DeepFill v2.
package struct UnionHoles: HoleGenerator {
  /// Drawn one after another from the same stream.
  package let parts: [any HoleGenerator]

  /// Each part draws once; only the whole is checked for being empty or covering everything.
  package init(_ parts: [any HoleGenerator]) {
    self.parts = parts
  }

  package var holePictures: [HolePictures] { parts.flatMap(\.holePictures) }

  package func drawing(width: Int, height: Int, using stream: inout RandomStream) throws -> Hole {
    var hole = Hole(width: width, height: height)
    for part in parts {
      hole.formUnion(try part.drawing(width: width, height: height, using: &stream))
    }
    return hole
  }
}

import Imaging
import Support

/// Whatever any of several generators leaves out: strokes and a box, as DeepFill v2 trains with.
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

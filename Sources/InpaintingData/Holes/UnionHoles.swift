import Imaging
import Tensors

/// Whatever any of several generators leaves out: strokes and a box, as DeepFill v2 trains with.
public struct UnionHoles: HoleGenerator {
  /// Drawn one after another from the same stream.
  public let parts: [any HoleGenerator]

  /// Each part draws once; only the whole is checked for being empty or covering everything.
  public init(_ parts: [any HoleGenerator]) {
    self.parts = parts
  }

  public func drawing(width: Int, height: Int, using stream: inout RandomStream) throws -> HoleRaster {
    var raster = HoleRaster(width: width, height: height)
    for part in parts {
      raster.formUnion(try part.drawing(width: width, height: height, using: &stream))
    }
    return raster
  }
}

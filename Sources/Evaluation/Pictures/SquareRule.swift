import Imaging

/// The rule by which pictures of any shape become squares of one size: the only one, stated in every report.
package struct SquareRule: Equatable, Sendable {
  /// The side of the square, in pixels.
  package let size: Int

  package init(size: Int) {
    self.size = size
  }

  /// The rule in words.
  package var description: String {
    "the largest square in the middle, brought to \(size)x\(size) by a triangle filter with antialiasing, in 8 bits"
  }

  /// The square of a source of a size; small ones are enlarged.
  func geometry(ofWidth width: Int, height: Int) -> CropGeometry {
    .centeredSquare(ofWidth: width, height: height, size: size)
  }
}

import Imaging

/// How pictures of any shape become squares of one size: the only rule, stated in every report.
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

  /// The square of a picture; small pictures are enlarged.
  func square(of picture: Picture, filter: ResamplingFilter = .bilinear) -> Picture {
    let side = min(picture.width, picture.height)
    return picture.cropped(
      x: (picture.width - side) / 2, y: (picture.height - side) / 2, width: side, height: side
    ).resized(toWidth: size, height: size, filter: filter)
  }
}

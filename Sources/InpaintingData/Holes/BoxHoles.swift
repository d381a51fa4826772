package import Imaging
package import Support

/// One box at a random position, shrunk by a random amount on both sides (Yu et al., "Generative Image Inpainting with
/// Contextual Attention", 2018).
package struct BoxHoles: HoleGenerator, Equatable {
  /// The sides of the box before it is shrunk, in pixels.
  package var height: Int
  package var width: Int
  /// The rows above and below, and the columns left and right, that stay known, in pixels.
  package var verticalMargin: Int
  package var horizontalMargin: Int
  /// The box loses 0 to half of this many pixels on each of two opposite sides.
  package var maximumHeightDelta: Int
  package var maximumWidthDelta: Int

  /// A box that is not shrunk, and that may touch the borders, unless said otherwise.
  package init(
    height: Int, width: Int, verticalMargin: Int = 0, horizontalMargin: Int = 0, maximumHeightDelta: Int = 0,
    maximumWidthDelta: Int = 0
  ) {
    self.height = height
    self.width = width
    self.verticalMargin = verticalMargin
    self.horizontalMargin = horizontalMargin
    self.maximumHeightDelta = maximumHeightDelta
    self.maximumWidthDelta = maximumWidthDelta
  }

  /// The paper's box for pictures of 256 x 256 (128 pixels, up to 32 fewer), in proportion for another size.
  package init(pictureSize: Int) {
    self.init(
      height: pictureSize / 2, width: pictureSize / 2, maximumHeightDelta: pictureSize / 8,
      maximumWidthDelta: pictureSize / 8)
  }

  package func drawing(width pictureWidth: Int, height pictureHeight: Int, using stream: inout RandomStream)
    -> Hole
  {
    let top = start(side: pictureHeight, box: height, margin: verticalMargin, using: &stream)
    let left = start(side: pictureWidth, box: width, margin: horizontalMargin, using: &stream)
    let shrinkY = stream.integer(in: 0...maximumHeightDelta / 2)
    let shrinkX = stream.integer(in: 0...maximumWidthDelta / 2)
    var hole = Hole(width: pictureWidth, height: pictureHeight)
    hole.fillRectangle(
      x: left + shrinkX, y: top + shrinkY, width: width - 2 * shrinkX, height: height - 2 * shrinkY)
    return hole
  }

  /// The first row or column of the box. As in the paper's code the last possible position is left out, unless it is
  /// the only one.
  private func start(side: Int, box: Int, margin: Int, using stream: inout RandomStream) -> Int {
    stream.integer(in: margin..<max(margin + 1, side - margin - box))
  }
}

/// The part of a picture that an example shows: a rectangle of the upright source, the size that it is brought to, and
/// a reflection. It is drawn once and applied to every raster of the example.
package struct CropGeometry: Equatable, Sendable {
  /// In pixels of the source.
  package let part: PixelRectangle
  /// The size of the result.
  package let width: Int
  package let height: Int
  /// Exchanges left and right in the end.
  package let isFlipped: Bool

  /// - Precondition: Both sides are positive.
  package init(of part: PixelRectangle, width: Int, height: Int, isFlipped: Bool = false) {
    precondition(width > 0 && height > 0, "CropGeometry: \(width)x\(height) is no size")
    self.part = part
    self.width = width
    self.height = height
    self.isFlipped = isFlipped
  }

  /// The largest square in the middle of a source, brought to `size` x `size`.
  ///
  /// - Parameters:
  ///   - width, height: The size of the source.
  package static func centeredSquare(ofWidth width: Int, height: Int, size: Int, isFlipped: Bool = false) -> Self {
    let side = min(width, height)
    return CropGeometry(
      of: PixelRectangle(x: (width - side) / 2, y: (height - side) / 2, width: side, height: side), width: size,
      height: size, isFlipped: isFlipped)
  }

  /// The part of a raster of the source's size, resized by the raster's own filter.
  ///
  /// - Precondition: The rectangle lies within the raster.
  package func applied<Pixels: Raster>(to raster: Pixels) -> Pixels {
    let whole = PixelRectangle(x: 0, y: 0, width: raster.width, height: raster.height)
    let cut = part == whole ? raster : raster.cropped(to: part)
    let resized = (width, height) == (cut.width, cut.height) ? cut : cut.resized(toWidth: width, height: height)
    return isFlipped ? resized.flippedHorizontally() : resized
  }
}

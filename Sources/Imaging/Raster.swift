/// A grid of pixels that is cut, resized, mirrored and padded along with the other rasters of an example.
package protocol Raster: Equatable, Sendable {
  var width: Int { get }
  var height: Int { get }

  /// The pixels of a rectangle.
  ///
  /// - Precondition: The rectangle lies within the raster.
  func cropped(to part: PixelRectangle) -> Self

  /// The raster in another size, by the filter that suits what its pixels mean.
  ///
  /// - Precondition: Both sides are positive.
  func resized(toWidth width: Int, height: Int) -> Self

  /// The raster with left and right exchanged.
  func flippedHorizontally() -> Self

  /// The raster continued by reflection beyond its right and lower borders, which are not repeated.
  ///
  /// - Precondition: Neither side becomes shorter.
  func reflected(toWidth width: Int, height: Int) -> Self
}

/// A raster that says yes, 1, or no, 0, of each pixel.
package protocol BinaryRaster: Raster {
  /// `height * width` values, 0 or 1, rows from the top.
  var values: [UInt8] { get }

  /// - Precondition: Both sides are positive, and there are as many values of 0 or 1.
  init(width: Int, height: Int, values: [UInt8])
}

extension BinaryRaster {
  package func cropped(to part: PixelRectangle) -> Self { transformed { $0.cropped(to: part) } }

  /// The raster in another size, each pixel that of the source under its center.
  package func resized(toWidth width: Int, height: Int) -> Self {
    transformed { $0.resized(toWidth: width, height: height, filter: .nearest) }
  }

  /// The raster in another size, 1 wherever a 1 of the source has a part, as far as 8 bits show it.
  package func resizedCovering(toWidth width: Int, height: Int) -> Self {
    if (width, height) == (self.width, self.height) { return self }
    let shares = Picture(width: self.width, height: self.height, channels: 1, pixels: values.map { $0 * 255 })
      .resized(toWidth: width, height: height)
    return Self(width: width, height: height, values: shares.pixels.map { $0 == 0 ? 0 : 1 })
  }

  package func flippedHorizontally() -> Self { transformed { $0.flippedHorizontally() } }

  package func reflected(toWidth width: Int, height: Int) -> Self {
    transformed { $0.reflected(toWidth: width, height: height) }
  }

  /// The result of an operation that moves the pixels of pictures and mixes none.
  private func transformed(_ operation: (Picture) -> Picture) -> Self {
    let result = operation(Picture(width: width, height: height, channels: 1, pixels: values))
    return Self(width: result.width, height: result.height, values: result.pixels)
  }
}

extension Picture: Raster {}

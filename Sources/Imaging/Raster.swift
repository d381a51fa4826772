import Support

/// A grid of pixels that is cropped, resized, flipped and padded together with the other rasters of an example.
package protocol Raster: Equatable, Sendable {
  var width: Int { get }
  var height: Int { get }

  /// The pixels of a rectangle.
  ///
  /// - Precondition: The rectangle lies within the raster.
  func cropped(to part: PixelRectangle) -> Self

  /// The raster resampled to another size, by a filter that suits its kind of values.
  ///
  /// - Precondition: Both sides are positive.
  func resized(toWidth width: Int, height: Int) -> Self

  func flippedHorizontally() -> Self

  /// The raster padded on the right and at the bottom by reflection, which does not repeat the border pixels.
  ///
  /// - Precondition: Neither side becomes shorter.
  func reflected(toWidth width: Int, height: Int) -> Self
}

extension Raster {
  /// The rectangle of the whole raster.
  package var bounds: PixelRectangle { PixelRectangle(x: 0, y: 0, width: width, height: height) }

  /// Checks that the raster has the size of the picture that it belongs to.
  ///
  /// - Parameter file: The raster's name in messages.
  /// - Throws: `Failure` of the kind `data` if it has another size.
  package func requireSize(of picture: Picture, file: String) throws {
    guard (width, height) == (picture.width, picture.height) else {
      throw Failure(
        .data,
        "\(file): expected the size of its picture, \(picture.width)x\(picture.height), found \(width)x\(height).")
    }
  }
}

/// A binary raster: 1 or 0 for each pixel.
package protocol BinaryRaster: Raster {
  /// `height * width` values, 0 or 1, rows from the top.
  var values: [UInt8] { get }

  /// - Precondition: Both sides are positive, and there are as many values of 0 or 1.
  init(width: Int, height: Int, values: [UInt8])
}

extension BinaryRaster {
  package func cropped(to part: PixelRectangle) -> Self { transformed { $0.cropped(to: part) } }

  /// The raster in another size. Downsampling takes the maximum of the pixels that a new pixel covers, upsampling the
  /// nearest pixel.
  package func resized(toWidth width: Int, height: Int) -> Self {
    precondition(width > 0 && height > 0, "BinaryRaster.resized: \(width)x\(height) is no size")
    if (width, height) == (self.width, self.height) { return self }
    return Self(width: width, height: height, values: resizedValues(toWidth: width, height: height))
  }

  /// The values of `resized(toWidth:height:)`.
  private func resizedValues(toWidth width: Int, height: Int) -> [UInt8] {
    let columns = Self.covered(of: self.width, by: width)
    let rows = Self.covered(of: self.height, by: height)
    var resized = [UInt8](repeating: 0, count: width * height)
    for (y, rows) in rows.enumerated() {
      var line = [UInt8](repeating: 0, count: self.width)
      for row in rows {
        for column in 0..<self.width { line[column] |= values[row * self.width + column] }
      }
      for (x, columns) in columns.enumerated() where line[columns].contains(1) { resized[y * width + x] = 1 }
    }
    return resized
  }

  /// For each pixel of a line of another length, the source pixels that it covers; in a longer line, the one under its
  /// center.
  private static func covered(of length: Int, by target: Int) -> [Range<Int>] {
    (0..<target).map { pixel in
      if target < length { return pixel * length / target..<((pixel + 1) * length + target - 1) / target }
      let center = min(Int((Double(pixel) + 0.5) * (Double(length) / Double(target))), length - 1)
      return center..<center + 1
    }
  }

  /// The raster in another size, 1 wherever the triangle filter that pictures are resized with gives more than 0 in 8
  /// bits; never less than `resized(toWidth:height:)`.
  package func resizedCovering(toWidth width: Int, height: Int) -> Self {
    if (width, height) == (self.width, self.height) { return self }
    let shares = Picture(width: self.width, height: self.height, channels: 1, pixels: values.map { $0 * 255 })
      .resized(toWidth: width, height: height)
    // The weight of a single pixel in a much smaller raster is rounded to 0.
    let covered = resizedValues(toWidth: width, height: height)
    return Self(
      width: width, height: height, values: zip(shares.pixels, covered).map { $0 == 0 && $1 == 0 ? 0 : 1 })
  }

  package func flippedHorizontally() -> Self { transformed { $0.flippedHorizontally() } }

  package func reflected(toWidth width: Int, height: Int) -> Self {
    transformed { $0.reflected(toWidth: width, height: height) }
  }

  /// The result of an operation that moves pixels without interpolation.
  private func transformed(_ operation: (Picture) -> Picture) -> Self {
    let result = operation(Picture(width: width, height: height, channels: 1, pixels: values))
    return Self(width: result.width, height: result.height, values: result.pixels)
  }
}

extension Picture: Raster {}

/// A nonempty rectangle of whole pixels.
package struct PixelRectangle: Equatable, Sendable {
  /// The top left corner.
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The columns that the rectangle covers.
  package var columns: Range<Int> { x..<x + width }
  package var rows: Range<Int> { y..<y + height }
  package var longerSide: Int { max(width, height) }

  package func intersects(_ other: PixelRectangle) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }

  /// The rectangle with `margin` more pixels on each side, clipped to `bounds`.
  ///
  /// - Precondition: The rectangle lies within `bounds`.
  package func expanded(by margin: Int, in bounds: PixelRectangle) -> PixelRectangle {
    let (left, top) = (max(bounds.x, x - margin), max(bounds.y, y - margin))
    return PixelRectangle(
      x: left, y: top, width: min(bounds.columns.upperBound, columns.upperBound + margin) - left,
      height: min(bounds.rows.upperBound, rows.upperBound + margin) - top)
  }

  /// The smallest rectangle around both.
  package func union(_ other: PixelRectangle) -> PixelRectangle {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PixelRectangle(
      x: left, y: top, width: max(columns.upperBound, other.columns.upperBound) - left,
      height: max(rows.upperBound, other.rows.upperBound) - top)
  }
}

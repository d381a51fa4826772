/// The geometry of an example: a rectangle of the upright source, the size that it is resized to, and a horizontal
/// flip. It is drawn once and applied to every raster of the example.
package struct CropGeometry: Equatable, Sendable {
  /// The rectangle that is cropped, in pixels of the source.
  package let part: PixelRectangle
  /// The size of the result.
  package let width: Int
  package let height: Int
  /// Flips the result horizontally.
  package let isFlipped: Bool

  /// - Precondition: Both sides are positive.
  package init(of part: PixelRectangle, width: Int, height: Int, isFlipped: Bool = false) {
    precondition(width > 0 && height > 0, "CropGeometry: \(width)x\(height) is no size")
    self.part = part
    self.width = width
    self.height = height
    self.isFlipped = isFlipped
  }

  /// The largest centered square of a source, resized to `size` x `size`.
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

extension Picture {
  /// The pixels of a rectangle, alpha and metadata included.
  ///
  /// - Precondition: The rectangle is not empty and lies within the picture.
  package func cropped(to part: PixelRectangle) -> Picture {
    precondition(
      part.width > 0 && part.height > 0 && part.x >= 0 && part.y >= 0 && part.x <= width - part.width
        && part.y <= height - part.height,
      "Picture.cropped: \(part.width)x\(part.height) at (\(part.x), \(part.y)) does not lie within \(width)x\(height)")
    return Picture(
      width: part.width, height: part.height, channels: channels,
      pixels: crop(pixels, channels: channels, columns: part.columns, rows: part.rows),
      alpha: alpha.map { crop($0, channels: 1, columns: part.columns, rows: part.rows) }, metadata: metadata)
  }

  /// The part of an array of rows x `width` x `channels`.
  private func crop(_ values: [UInt8], channels: Int, columns: Range<Int>, rows: Range<Int>) -> [UInt8] {
    var cropped = [UInt8]()
    cropped.reserveCapacity(columns.count * rows.count * channels)
    for row in rows {
      let start = (row * width + columns.lowerBound) * channels
      cropped.append(contentsOf: values[start..<start + columns.count * channels])
    }
    return cropped
  }
}

extension Picture {
  /// The picture padded on the right and at the bottom by reflection, which does not repeat the border pixels; alpha
  /// included.
  ///
  /// - Precondition: Neither side becomes shorter.
  package func reflected(toWidth width: Int, height: Int) -> Picture {
    precondition(
      width >= self.width && height >= self.height,
      "Picture.reflected: \(width)x\(height) has no room for \(self.width)x\(self.height)")
    if (width, height) == (self.width, self.height) { return self }
    let columns = Picture.reflectedPositions(of: self.width, count: width)
    let rows = Picture.reflectedPositions(of: self.height, count: height)
    func gather(_ source: [UInt8], channels: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, initializedCount in
        source.withUnsafeBufferPointer { source in
          var position = 0
          for y in rows {
            for x in columns {
              let pixel = (y * self.width + x) * channels
              for channel in 0..<channels { target[position + channel] = source[pixel + channel] }
              position += channels
            }
          }
        }
        initializedCount = width * height * channels
      }
    }
    return Picture(
      width: width, height: height, channels: channels, pixels: gather(pixels, channels: channels),
      alpha: alpha.map { gather($0, channels: 1) }, metadata: metadata)
  }

  /// The source positions of a line that is padded by reflection: 0, 1, 2, 3, 2, 1, 0, 1, … for four pixels. A single
  /// pixel is repeated.
  static func reflectedPositions(of length: Int, count: Int) -> [Int] {
    let period = max(1, 2 * length - 2)
    return (0..<count).map { position in
      let offset = position % period
      return offset < length ? offset : period - offset
    }
  }
}

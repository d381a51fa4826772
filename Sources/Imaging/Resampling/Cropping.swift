extension Picture {
  /// The pixels of a rectangle, opacities and metadata included.
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

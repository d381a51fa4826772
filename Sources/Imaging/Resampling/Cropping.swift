extension Picture {
  /// The part of `width` x `height` pixels whose top left corner is (`x`, `y`), opacities and metadata included.
  ///
  /// - Precondition: The part is not empty and lies within the picture.
  package func cropped(x: Int, y: Int, width: Int, height: Int) -> Picture {
    precondition(
      width > 0 && height > 0 && x >= 0 && y >= 0 && x <= self.width - width && y <= self.height - height,
      "Picture.cropped: \(width)x\(height) at (\(x), \(y)) does not lie within \(self.width)x\(self.height)")
    let columns = x..<x + width
    let rows = y..<y + height
    return Picture(
      width: width, height: height, channels: channels,
      pixels: crop(pixels, channels: channels, columns: columns, rows: rows),
      alpha: alpha.map { crop($0, channels: 1, columns: columns, rows: rows) }, metadata: metadata)
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

/// Pixels with their opacities between them, as codecs have them.
extension Picture {
  /// Parts colors and opacities.
  ///
  /// - Parameter rgba: `height * width * 4` values.
  init(width: Int, height: Int, rgba: [UInt8]) {
    let pixelCount = width * height
    var alpha: [UInt8] = []
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { pixels, initializedCount in
      rgba.withUnsafeBufferPointer { rgba in
        for pixel in 0..<pixelCount {
          for channel in 0..<3 { pixels[3 * pixel + channel] = rgba[4 * pixel + channel] }
        }
        alpha = (0..<pixelCount).map { rgba[4 * $0 + 3] }
      }
      initializedCount = 3 * pixelCount
    }
    self.init(width: width, height: height, channels: 3, pixels: pixels, alpha: alpha)
  }

  /// `height * width * (channels + 1)` values, or the pixels alone if there are no opacities.
  func pixelsWithAlpha() -> [UInt8] {
    guard let alpha else { return pixels }
    let stride = width * (channels + 1)
    var samples = [UInt8]()
    samples.reserveCapacity(height * stride)
    var row = [UInt8](repeating: 0, count: stride)
    for y in 0..<height {
      interleave(row: y, alpha, into: &row)
      samples += row
    }
    return samples
  }

  /// Writes `width * (channels + 1)` values of one row.
  func interleave(row y: Int, _ alpha: [UInt8], into row: inout [UInt8]) {
    for x in 0..<width {
      let (pixel, target) = (y * width + x, x * (channels + 1))
      for channel in 0..<channels { row[target + channel] = pixels[pixel * channels + channel] }
      row[target + channels] = alpha[pixel]
    }
  }
}

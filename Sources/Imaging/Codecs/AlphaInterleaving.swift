/// Pixels with their opacities between them, as codecs have them.
extension Picture {
  /// Parts colours and opacities.
  ///
  /// - Parameters:
  ///   - rgba: `height * width * 4` values.
  ///   - hasAlpha: Whether the opacities are the file's; those that a library filled in are dropped.
  init(width: Int, height: Int, rgba: [UInt8], hasAlpha: Bool) {
    let pixelCount = width * height
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { pixels, initialisedCount in
      rgba.withUnsafeBufferPointer { rgba in
        for pixel in 0..<pixelCount {
          for channel in 0..<3 { pixels[3 * pixel + channel] = rgba[4 * pixel + channel] }
        }
      }
      initialisedCount = 3 * pixelCount
    }
    let alpha = hasAlpha ? (0..<pixelCount).map { rgba[4 * $0 + 3] } : nil
    self.init(width: width, height: height, channels: 3, pixels: pixels, alpha: alpha)
  }

  /// `height * width * (channels + 1)` values, or the pixels alone if there are no opacities.
  func pixelsWithAlpha() -> [UInt8] {
    guard let alpha else { return pixels }
    var samples = [UInt8]()
    samples.reserveCapacity(pixels.count + alpha.count)
    for (index, opacity) in alpha.enumerated() {
      samples.append(contentsOf: pixels[index * channels..<(index + 1) * channels])
      samples.append(opacity)
    }
    return samples
  }
}

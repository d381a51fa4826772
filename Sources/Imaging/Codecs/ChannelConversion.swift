extension Picture {
  /// One channel of luma, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded; gray stays as it is. A color profile
  /// for RGB does not describe gray, and is dropped.
  package func gray() -> Picture {
    if channels == 1 { return self }
    precondition(channels == 3, "Picture.gray: expected 1 or 3 channels, found \(channels)")
    let brightness = [UInt8](unsafeUninitializedCapacity: width * height) { brightness, initializedCount in
      pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<width * height {
          // The weights in 1/65536, so that equal channels give exactly their value.
          let red = Int(pixels[3 * index]) * 19_595
          let green = Int(pixels[3 * index + 1]) * 38_470
          let blue = Int(pixels[3 * index + 2]) * 7_471
          brightness[index] = UInt8((red + green + blue + 32_768) >> 16)
        }
      }
      initializedCount = width * height
    }
    return Picture(
      width: width, height: height, channels: 1, pixels: brightness, alpha: alpha,
      metadata: metadata.withoutProfile)
  }

  /// Three channels; gray is repeated, and a color profile for gray is dropped.
  package func rgb() -> Picture {
    if channels == 3 { return self }
    precondition(channels == 1, "Picture.rgb: expected 1 or 3 channels, found \(channels)")
    let colors = [UInt8](unsafeUninitializedCapacity: 3 * pixels.count) { colors, initializedCount in
      for (index, value) in pixels.enumerated() {
        for channel in 0..<3 { colors[3 * index + channel] = value }
      }
      initializedCount = 3 * pixels.count
    }
    return Picture(
      width: width, height: height, channels: 3, pixels: colors, alpha: alpha,
      metadata: metadata.withoutProfile)
  }
}

/// Pixels with interleaved alpha, as codecs have them.
extension Picture {
  /// Separates colors and alpha.
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

  /// `height * width * (channels + 1)` values, or the pixels alone if there is no alpha.
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

extension Picture {
  /// One channel of brightness, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded; gray stays as it is.
  /// A color profile for RGB does not describe gray, and is dropped.
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

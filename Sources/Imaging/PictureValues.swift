/// A picture as metrics and fills see it: numbers from 0, black, to 1, full intensity.
package struct PictureValues: Equatable, Sendable {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `height * width * channels` values in 0...1, rows from the top, channels interleaved.
  package var values: [Double]

  /// - Precondition: The count of the values fits the size.
  package init(width: Int, height: Int, channels: Int, values: [Double]) {
    precondition(
      values.count == width * height * channels,
      "PictureValues: \(values.count) values do not make \(width)x\(height)x\(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  /// The 8-bit values, divided by 255; opacities play no part.
  package init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    channels = picture.channels
    values = picture.pixels.map { Double($0) / 255 }
  }

  /// One channel of brightness, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), not rounded; opacities play no part.
  package init(brightnessOf picture: Picture) {
    guard picture.channels == 3 else {
      self.init(picture)
      return
    }
    let count = picture.width * picture.height
    let brightness = [Double](unsafeUninitializedCapacity: count) { brightness, initializedCount in
      picture.pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<count {
          let (red, green, blue) = (pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2])
          brightness[index] = (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
        }
      }
      initializedCount = count
    }
    self.init(width: picture.width, height: picture.height, channels: 1, values: brightness)
  }

  /// The picture rounded to 8 bits a channel.
  package var picture: Picture {
    Picture(width: width, height: height, channels: channels, pixels: values.map(Self.level))
  }

  /// A value as 8 bits, 0...255.
  package static func level(_ value: Double) -> UInt8 {
    UInt8(Double.minimum(Double.maximum(value * 255, 0), 255).rounded())
  }
}

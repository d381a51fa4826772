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

  /// The picture rounded to 8 bits a channel.
  package var picture: Picture {
    Picture(width: width, height: height, channels: channels, pixels: values.map(Self.level))
  }

  /// A value as 8 bits, 0...255.
  package static func level(_ value: Double) -> UInt8 {
    UInt8(Double.minimum(Double.maximum(value * 255, 0), 255).rounded())
  }
}

/// A picture in memory: 8 bits a channel, rows from the top, channels interleaved.
package struct Picture: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// 1 (grey, or a hole picture) or 3 (red, green, blue).
  package let channels: Int
  /// `height * width * channels` values in 0...255.
  package var pixels: [UInt8]
  /// `height * width` opacities in 0...255, if the file had any; they play no part in training.
  package var alpha: [UInt8]?
  /// The file's colour profile and EXIF data, to be written again.
  package var metadata: PictureMetadata

  /// - Precondition: the count of `pixels` (and of `alpha`) fits the size.
  package init(
    width: Int, height: Int, channels: Int, pixels: [UInt8], alpha: [UInt8]? = nil,
    metadata: PictureMetadata = PictureMetadata()
  ) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * channels,
      "Picture: \(pixels.count) values do not make \(width)x\(height)x\(channels)")
    precondition(
      alpha.map { $0.count == width * height } ?? true, "Picture: alpha must have one value a pixel")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
    self.alpha = alpha
    self.metadata = metadata
  }

  /// A picture of one colour, one value a channel.
  package init(width: Int, height: Int, filledWith colour: [UInt8]) {
    self.init(
      width: width, height: height, channels: colour.count,
      pixels: [UInt8]((0..<width * height).lazy.flatMap { _ in colour }))
  }
}

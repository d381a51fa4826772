import Support

/// A picture in memory: 8 bits a channel, rows from the top, channels interleaved.
public struct Picture: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 (gray, or a hole picture) or 3 (red, green, blue).
  public let channels: Int
  /// `height * width * channels` values in 0...255.
  public package(set) var pixels: [UInt8]
  /// The alpha channel, `height * width` values in 0...255, if the file has one; unused in training.
  public package(set) var alpha: [UInt8]?
  /// The file's color profile, EXIF data and so on, kept for writing.
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

  /// A picture from raw pixels.
  ///
  /// - Parameters:
  ///   - channels: 1 for gray, 3 for red, green and blue.
  ///   - pixels: `height * width * channels` values, rows from the top, channels interleaved.
  ///   - alpha: `height * width` alpha values, which are kept.
  /// - Throws: `Failure` of the kind `data` if the counts do not fit the size.
  public init(pixels: [UInt8], width: Int, height: Int, channels: Int = 3, alpha: [UInt8]? = nil) throws {
    let (count, isTooLarge) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !isTooLarge, channels == 1 || channels == 3,
      pixels.count % channels == 0, pixels.count / channels == count, alpha.map({ $0.count == count }) ?? true
    else {
      let opacities = alpha.map { " and \($0.count) opacities" } ?? ""
      throw Failure(
        .data,
        "the pixels: expected 1 or 3 values for each of \(width)x\(height), found \(pixels.count) values"
          + "\(opacities) for \(channels) channels")
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels, alpha: alpha)
  }

  /// True if there are known pixels and all of them are gray, that is, red, green and blue are equal; always true for
  /// one channel.
  ///
  /// - Precondition: The sizes are the same.
  package func isGray(outside hole: Hole) -> Bool {
    precondition(
      (width, height) == (hole.width, hole.height),
      "Picture.isGray: a hole of \(hole.width)x\(hole.height) in a picture of \(width)x\(height)")
    if channels == 1 { return true }
    return pixels.withUnsafeBufferPointer { pixels in
      hole.values.withUnsafeBufferPointer { missing in
        var hasKnown = false
        for index in 0..<missing.count where missing[index] == 0 {
          let red = pixels[3 * index]
          guard pixels[3 * index + 1] == red, pixels[3 * index + 2] == red else { return false }
          hasKnown = true
        }
        return hasKnown
      }
    }
  }

  /// A picture of one color, one value a channel.
  package init(width: Int, height: Int, filledWith color: [UInt8]) {
    self.init(
      width: width, height: height, channels: color.count,
      pixels: [UInt8]((0..<width * height).lazy.flatMap { _ in color }))
  }
}

/// A picture in double precision, for metrics and fills: from 0, black, to 1, full intensity.
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

  /// The 8-bit values, divided by 255; alpha is ignored.
  package init(_ picture: Picture) {
    width = picture.width
    height = picture.height
    channels = picture.channels
    values = picture.pixels.map { Double($0) / 255 }
  }

  /// One channel of luma, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), not rounded; alpha is ignored.
  package init(lumaOf picture: Picture) {
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

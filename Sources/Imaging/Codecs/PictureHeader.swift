import Support

/// The properties of a picture file, read without decoding its pixels.
package struct PictureHeader: Equatable, Sendable {
  package let format: PictureFormat
  /// Pixels, with the orientation applied: the size that `Picture(contentsOfFile:)` will have.
  package let width: Int
  package let height: Int
  /// Bits of a color channel in the file: 8 nearly always, 16 (or 1, 2, 4) in some PNG files. Reading rounds 16 to 8,
  /// so that the low bits of a picture that is written again are lost.
  package let bitsPerSample: Int
  /// True if the file is grayscale, with or without alpha.
  package let isGray: Bool
  /// True if the file has an alpha channel or a transparent color.
  package let hasAlpha: Bool
  /// True if the file is CMYK. Reading converts it, so that a picture that is written again is RGB.
  package let isCMYK: Bool
  /// The memory in bytes that decoding takes besides the file and the picture.
  let extraBytes: Int
  /// The rotation or reflection that turns the stored pixels upright.
  let orientation: Orientation

  /// The usual limit: larger pictures are refused before anything is allocated for them, as a file of 200 kB can claim
  /// to hold gigabytes.
  package static let defaultMegapixels = 100

  /// Reads the header of a JPEG, PNG or WebP file; only as much of the file as that takes, usually 64 kB. A WebP file
  /// has its EXIF data, and thus its orientation, after the pixels: if it has any, the whole file is read. So is a damaged
  /// file, up to the size of the largest picture of so many megapixels.
  ///
  /// - Parameter maxMegapixels: The maximum number of megapixels.
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged, or too large.
  package init(ofFile path: String, maxMegapixels: Int = defaultMegapixels) throws {
    var file = try PictureFile(path: path)
    var count = PictureFile.usualHeaderLength
    while true {
      try file.read(upTo: count)
      let format = try PictureFormat(recognizing: file.bytes, name: path)
      do {
        self = try file.bytes.withUnsafeBufferPointer {
          try Self(of: format.decoder(of: $0), name: path, maxMegapixels: maxMegapixels)
        }
        return
      } catch let damage as CodecError {
        let isTooLarge = file.bytes.count > PictureFile.largestFile(maxMegapixels: maxMegapixels)
        if file.isComplete || isTooLarge { throw damage.failure(format, name: path) }
        // Color profiles and previews may come first.
        count *= 8
      }
    }
  }

  /// Reads the header of the bytes of a JPEG, PNG or WebP file.
  ///
  /// - Parameters:
  ///   - name: The file's name in messages.
  ///   - maxMegapixels: The maximum number of megapixels.
  /// - Throws: `Failure` of kind `data` if it is of another format, damaged, or too large.
  package init(decoding bytes: [UInt8], name: String, maxMegapixels: Int = defaultMegapixels) throws {
    let format = try PictureFormat(recognizing: bytes, name: name)
    do {
      self = try bytes.withUnsafeBufferPointer {
        try Self(of: format.decoder(of: $0), name: name, maxMegapixels: maxMegapixels)
      }
    } catch let damage as CodecError {
      throw damage.failure(format, name: name)
    }
  }

  /// The header that a decoder has read; checks its size.
  ///
  /// - Throws: `Failure` of kind `data` if the size is refused.
  init(of decoder: any PictureDecoder, name: String, maxMegapixels: Int) throws {
    let (width, height) = (decoder.storedWidth, decoder.storedHeight)
    let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow,
      pixelCount / 1_000_000 < maxMegapixels || pixelCount == maxMegapixels * 1_000_000
    else {
      throw Failure(
        .data,
        sentence: """
          \(name): expected a picture of 1 pixel to \(maxMegapixels) megapixels, found a header that claims \
          \(width)x\(height) pixels; scale the picture down or leave it out
          """)
    }
    format = decoder.format
    bitsPerSample = decoder.bitsPerSample
    isGray = decoder.isGray
    hasAlpha = decoder.hasAlpha
    isCMYK = decoder.isCMYK
    extraBytes = decoder.extraBytes
    orientation = decoder.metadata.exif.flatMap { ExifData($0)?.orientation } ?? .upright
    self.width = orientation.isTransposed ? height : width
    self.height = orientation.isTransposed ? width : height
  }

  /// The bytes of the picture in memory.
  ///
  /// - Parameter keepsGray: As in `Picture(contentsOfFile:)`.
  package func pictureBytes(keepsGray: Bool = false) -> Int {
    width * height * ((isGray && keepsGray ? 1 : 3) + (hasAlpha ? 1 : 0))
  }

  /// The peak memory in bytes of reading the picture, including the file and the picture itself.
  ///
  /// - Parameter fileBytes: The length of the file.
  package func readingBytes(keepsGray: Bool = false, fileBytes: Int) -> Int {
    let picture = pictureBytes(keepsGray: keepsGray)
    return picture + max(fileBytes + extraBytes, orientation == .upright ? 0 : picture)
  }
}

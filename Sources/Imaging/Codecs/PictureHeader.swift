import Support

/// What a picture file says about itself, read without decoding its pixels.
package struct PictureHeader: Equatable, Sendable {
  package let format: PictureFormat
  /// Pixels, with the orientation applied: the size that `Picture(contentsOfFile:)` will have.
  package let width: Int
  package let height: Int
  /// Bits of a colour channel in the file: 8 nearly always, 16 (or 1, 2, 4) in some PNG files. Reading rounds 16 to 8, so
  /// that the low bits of a picture that is written again are lost.
  package let bitsPerSample: Int
  /// Whether the file has amounts of ink, which reading turns into colours: a picture that is written again is RGB.
  package let isCMYK: Bool
  /// How the stored pixels must be turned to have that size.
  let orientation: Orientation

  /// Larger pictures are refused before anything is allocated for them: a file of 200 kB can claim to need gigabytes.
  package static let largestPixelCount = 100_000_000

  /// Reads the header of a JPEG, PNG or WebP file; only as much of the file as that takes, usually 64 kB. A WebP file has
  /// its EXIF data, and thus its orientation, behind the pixels: if it has any, all of it is read.
  ///
  /// - Throws: `Failure` of kind `missingInput` if there is no such file, `inputOutput` if it cannot be read, `data` if
  ///   it is of another format, damaged, or larger than `largestPixelCount`.
  package init(ofFile path: String) throws {
    var file = try PictureFile(path: path)
    var count = PictureFile.usualHeaderLength
    while true {
      try file.read(upTo: count)
      let format = try PictureFormat(recognising: file.bytes, name: path)
      do {
        self = try file.bytes.withUnsafeBufferPointer { try Self(of: format.decoder(of: $0), name: path) }
        return
      } catch let damage as Damage {
        if file.isComplete { throw damage.failure(format, name: path) }
        // Colour profiles and previews may come first.
        count *= 8
      }
    }
  }

  /// Takes the header over from a decoder that has read it, and checks the size.
  ///
  /// - Throws: `Failure` of kind `data` if the size is refused.
  init(of decoder: any PictureDecoder, name: String) throws {
    let (width, height) = (decoder.storedWidth, decoder.storedHeight)
    let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixelCount <= Self.largestPixelCount else {
      throw Failure(
        .data,
        "\(name): expected a picture of 1 pixel to \(Self.largestPixelCount / 1_000_000) megapixels, "
          + "found a header that claims \(width)x\(height) pixels; scale the picture down or leave it out")
    }
    format = decoder.format
    bitsPerSample = decoder.bitsPerSample
    isCMYK = decoder.isCMYK
    orientation = decoder.metadata.exif.flatMap { ExifData($0)?.orientation } ?? .upright
    self.width = orientation.isTransposed ? height : width
    self.height = orientation.isTransposed ? width : height
  }
}

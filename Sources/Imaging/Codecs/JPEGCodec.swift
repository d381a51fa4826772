import CImageCodecs
import Support

/// Baseline and progressive JPEG by libjpeg: gray, YCbCr, RGB, CMYK and YCCK.
final class JPEGDecoder: PictureDecoder {
  let format = PictureFormat.jpeg
  let bitsPerSample = 8
  let hasAlpha = false
  var isGray: Bool { header.is_gray }
  var isCMYK: Bool { header.is_cmyk }
  var extraBytes: Int { header.coefficient_bytes + (header.is_cmyk ? storedWidth * storedHeight : 0) }
  let metadata: PictureMetadata
  private let bytes: UnsafeBufferPointer<UInt8>
  private let header: jpeg_codec_header

  var storedWidth: Int { Int(header.width) }
  var storedHeight: Int { Int(header.height) }

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) {
    var header = jpeg_codec_header()
    var reason = jpeg_codec_reason()
    guard jpeg_codec_read_header(bytes.baseAddress, bytes.count, &header, &reason) else { throw reason.damage }
    self.bytes = bytes
    self.header = header
    metadata = PictureMetadata(ofJPEG: bytes)
  }

  func decode(keepsGray: Bool) throws(CodecError) -> Picture {
    let channels = header.is_cmyk ? 4 : header.is_gray && keepsGray ? 1 : 3
    let count = storedWidth * storedHeight * channels
    var succeeded = false
    var reason = jpeg_codec_reason()
    var samples = [UInt8](unsafeUninitializedCapacity: count) { samples, initializedCount in
      succeeded = jpeg_codec_decode(bytes.baseAddress, bytes.count, Int32(channels), samples.baseAddress, &reason)
      initializedCount = succeeded ? count : 0
    }
    guard succeeded else { throw reason.damage }
    if header.is_cmyk { Self.convertToRGB(inks: &samples) }
    return Picture(width: storedWidth, height: storedHeight, channels: channels == 1 ? 1 : 3, pixels: samples)
  }

  /// Converts CMYK to RGB without a profile: as inks are inverted, each color is ink · black / 255.
  ///
  /// Inks are taken to be inverted, 0 for full ink, as Adobe's programs store them, with or without their APP14
  /// segment: Pillow and most others do the same, and nearly all files without the segment are inverted, too.
  private static func convertToRGB(inks: inout [UInt8]) {
    let pixelCount = inks.count / 4
    inks.withUnsafeMutableBufferPointer { values in
      // In place: pixels become shorter, so that none is overwritten before it is read.
      for pixel in 0..<pixelCount {
        let black = Int(values[4 * pixel + 3])
        for channel in 0..<3 {
          values[3 * pixel + channel] = UInt8((Int(values[4 * pixel + channel]) * black + 127) / 255)
        }
      }
    }
    inks.removeLast(pixelCount)
  }
}

extension jpeg_codec_reason {
  /// The library's message.
  var damage: CodecError {
    CodecError(withUnsafeBytes(of: text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}

extension Picture {
  /// The picture as a JPEG file, gray or YCbCr, with its metadata. The same picture gives the same bytes.
  ///
  /// JPEG has no alpha channel: `alpha` is dropped, and colors are written as they are, even where they are
  /// transparent. EXIF data of more than 65 527 bytes and XMP of more than 65 504 are dropped too. Below quality 90
  /// chroma is subsampled (4:2:0), as is usual.
  ///
  /// - Parameter quality: 1 (small) to 100 (nearly lossless).
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than JPEG allows (65 500), `internalError` if there is no
  ///   memory.
  package func jpegData(quality: Int = defaultJPEGQuality) throws -> [UInt8] {
    try EncodedByteSink.collected { try writeJPEG(quality: quality, to: $0) }
  }

  package static let defaultJPEGQuality = 95

  /// Writes the file that `jpegData(quality:)` returns into a sink.
  ///
  /// - Throws: As that, and the errors of the sink.
  func writeJPEG(quality: Int, to bytes: EncodedByteSink) throws {
    precondition(channels == 1 || channels == 3, "Picture.writeJPEG: expected 1 or 3 channels, found \(channels)")
    precondition((1...100).contains(quality), "Picture.writeJPEG: expected a quality of 1 to 100, found \(quality)")
    let longestSide = 65_500
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "a picture of \(width)x\(height) cannot be written as JPEG, expected sides of at most \(longestSide); write it as PNG"
      )
    }

    var reason = jpeg_codec_reason()
    let segments = metadata.fitting(channels: channels).jpegSegments
    let succeeded = pixels.withUnsafeBufferPointer { pixels in
      segments.withUnsafeBufferPointer { segments in
        var picture = jpeg_codec_picture()
        picture.pixels = pixels.baseAddress
        (picture.width, picture.height) = (UInt32(width), UInt32(height))
        (picture.channels, picture.quality, picture.halves_colors) = (Int32(channels), Int32(quality), quality < 90)
        let density = metadata.resolution?.jfif ?? (0, 1, 1)
        (picture.density_unit, picture.density_x, picture.density_y) = density
        (picture.segments, picture.segment_bytes) = (segments.baseAddress, segments.count)
        return jpeg_codec_encode(
          &picture, { EncodedByteSink.at($0)?.take($1, count: $2) ?? false }, bytes.context, &reason)
      }
    }
    try bytes.throwFailure()
    guard succeeded else {
      throw Failure(
        .internalError, "a picture of \(width)x\(height) cannot be written as JPEG (\(reason.damage.reason))")
    }
  }
}

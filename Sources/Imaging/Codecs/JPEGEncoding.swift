import CImageCodecs
import Support

extension Picture {
  /// The picture as a JPEG file, gray or YCbCr, with its metadata. The same picture gives the same bytes.
  ///
  /// JPEG has no opacities: `alpha` is left out, and colors are written as they are, also where nothing of them was to be
  /// seen. EXIF data of more than 65 527 bytes and XMP of more than 65 504 are left out too. Below quality 90 colors are
  /// stored at half resolution, as is usual.
  ///
  /// - Parameter quality: 1 (small) to 100 (nearly without loss).
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than JPEG allows (65 500), `internalError` if there is no
  ///   memory.
  package func jpegData(quality: Int = usualJPEGQuality) throws -> [UInt8] {
    try EncodedBytes.collected { try writeJPEG(quality: quality, to: $0) }
  }

  package static let usualJPEGQuality = 95

  /// Hands over the file that `jpegData(quality:)` returns.
  ///
  /// - Throws: As that, and what taking the bytes throws.
  func writeJPEG(quality: Int, to bytes: EncodedBytes) throws {
    precondition(channels == 1 || channels == 3, "Picture.writeJPEG: expected 1 or 3 channels, found \(channels)")
    precondition((1...100).contains(quality), "Picture.writeJPEG: expected a quality of 1 to 100, found \(quality)")
    let longestSide = 65_500
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "A picture of \(width)x\(height) cannot be written as JPEG: expected sides of at most \(longestSide); write it as PNG"
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
          &picture, { EncodedBytes.at($0)?.take($1, count: $2) ?? false }, bytes.context, &reason)
      }
    }
    try bytes.throwFailure()
    guard succeeded else {
      throw Failure(
        .internalError, "A picture of \(width)x\(height) cannot be written as JPEG: \(reason.damage.reason)")
    }
  }
}

import CImageCodecs
import Support

extension Picture {
  /// The picture as a WebP file in RGB, with opacities if there are any, and with its metadata. The same picture gives the
  /// same bytes.
  ///
  /// WebP knows no gray, so that gray becomes RGB, and opacities that are all 255 are not stored.
  ///
  /// - Parameter quality: 1 (small) to 100 for lossy colors, which are stored at half resolution; opacities stay as they
  ///   are. Nil is without loss.
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `data` if a side is longer than WebP allows (16 383) or there are too many details for
  ///   lossy WebP, `internalError` if there is no memory.
  package func webpData(quality: Int? = nil) throws -> [UInt8] {
    precondition(channels == 1 || channels == 3, "Picture.webpData: expected 1 or 3 channels, found \(channels)")
    precondition(
      quality.map { (1...100).contains($0) } ?? true,
      "Picture.webpData: expected a quality of 1 to 100, found \(quality ?? 0)")
    let longestSide = Int(WEBP_MAX_DIMENSION)
    guard max(width, height) <= longestSide else {
      throw Failure(
        .data,
        "A picture of \(width)x\(height) cannot be written as WebP: expected sides of at most \(longestSide); write it as PNG"
      )
    }
    let picture = rgb()
    let encoded = try picture.encoded(quality: quality)
    guard let file = picture.metadata.fitting(channels: 3).added(toWebP: encoded) else {
      throw failure("no memory for its metadata")
    }
    return file
  }

  private func failure(_ reason: String) -> Failure {
    Failure(.internalError, "A picture of \(width)x\(height) cannot be written as WebP: \(reason)")
  }

  /// The file without metadata.
  private func encoded(quality: Int?) throws -> [UInt8] {
    var configuration = WebPConfig()
    var picture = WebPPicture()
    guard WebPConfigInit(&configuration) != 0, WebPPictureInit(&picture) != 0 else {
      throw failure("libwebp has another version than its headers")
    }
    if let quality {
      configuration.quality = Float(quality)
    } else {
      // Here quality is effort: more than this doubles the time for hardly a byte. Colors that are not to be seen are
      // kept too.
      configuration.lossless = 1
      configuration.quality = 50
      configuration.exact = 1
      picture.use_argb = 1
    }
    picture.width = Int32(width)
    picture.height = Int32(height)
    defer { WebPPictureFree(&picture) }
    let stride = Int32(width * (alpha == nil ? 3 : 4))
    let samples = pixelsWithAlpha()
    let isImported =
      alpha == nil ? WebPPictureImportRGB(&picture, samples, stride) : WebPPictureImportRGBA(&picture, samples, stride)
    guard isImported != 0 else { throw failure("no memory for the encoder") }

    var writer = WebPMemoryWriter()
    WebPMemoryWriterInit(&writer)
    defer { WebPMemoryWriterClear(&writer) }
    return try withUnsafeMutablePointer(to: &writer) { writer in
      picture.writer = WebPMemoryWrite
      picture.custom_ptr = UnsafeMutableRawPointer(writer)
      if WebPEncode(&configuration, &picture) == 0 {
        guard picture.error_code == VP8_ENC_ERROR_PARTITION0_OVERFLOW else {
          throw failure("libwebp's error \(picture.error_code.rawValue), probably for want of memory")
        }
        throw Failure(
          .data,
          "A picture of \(width)x\(height) cannot be written as WebP: it has too many details for lossy WebP; "
            + "write it without loss or with a lower quality than \(quality ?? 100)")
      }
      return [UInt8](UnsafeBufferPointer(start: writer.pointee.mem, count: writer.pointee.size))
    }
  }
}

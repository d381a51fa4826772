import CImageCodecs
import Foundation
import Support

extension Picture {
  /// The picture as a PNG file, without loss: grey or RGB, with opacities if there are any, and with its metadata. The
  /// same picture gives the same bytes.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `internalError` if the library cannot encode it, for want of memory.
  package func pngData() throws -> [UInt8] {
    precondition(channels == 1 || channels == 3, "Picture.pngData: expected 1 or 3 channels, found \(channels)")
    guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
      throw Failure(
        .internalError, "A picture of \(width)x\(height) cannot be written as PNG: no memory for the encoder")
    }
    defer { spng_ctx_free(context) }

    var header = spng_ihdr()
    header.width = UInt32(width)
    header.height = UInt32(height)
    header.bit_depth = 8
    // The colour types are sums: 2 for colour, 4 for opacities.
    header.color_type = (channels == 3 ? 2 : 0) + (alpha == nil ? 0 : 4)

    let samples = pixelsWithAlpha()
    var length = 0
    var result = spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1)
    if result == 0 { result = spng_set_ihdr(context, &header) }
    if result == 0 {
      result = metadata.fitting(channels: channels).adding(to: context) {
        spng_encode_image(
          context, samples, samples.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
      }
    }
    guard result == 0, let bytes = spng_get_png_buffer(context, &length, &result) else {
      throw Failure(
        .internalError,
        "A picture of \(width)x\(height) cannot be written as PNG: \(String(cString: spng_strerror(result)))")
    }
    defer { free(bytes) }
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
  }
}

extension PictureMetadata {
  /// Hands the metadata to an encoder, which reads it while `encode` runs.
  ///
  /// - Returns: The library's first error, or 0.
  fileprivate func adding(to context: OpaquePointer, encode: () -> Int32) -> Int32 {
    var (profileBytes, exifBytes) = (iccProfile ?? [], exif ?? [])
    return profileBytes.withUnsafeMutableBytes { profileBytes in
      exifBytes.withUnsafeMutableBytes { exifBytes in
        var result: Int32 = 0
        if iccProfile != nil {
          var profile = spng_iccp()
          withUnsafeMutableBytes(of: &profile.profile_name) { $0.copyBytes(from: "ICC profile".utf8) }
          profile.profile = profileBytes.baseAddress?.assumingMemoryBound(to: CChar.self)
          profile.profile_len = profileBytes.count
          result = spng_set_iccp(context, &profile)
        }
        if exif != nil && result == 0 {
          var data = spng_exif(
            length: exifBytes.count, data: exifBytes.baseAddress?.assumingMemoryBound(to: CChar.self))
          result = spng_set_exif(context, &data)
        }
        return result == 0 ? encode() : result
      }
    }
  }
}

import CImageCodecs
import Foundation
import Tensors

extension Picture {
  /// The picture as a PNG file, without loss: grey or RGB, with opacities if there are any. The same picture gives the
  /// same bytes.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `internalError` if the library cannot encode it, for want of memory.
  public func pngData() throws -> [UInt8] {
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
      result = spng_encode_image(
        context, samples, samples.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
    }
    guard result == 0, let bytes = spng_get_png_buffer(context, &length, &result) else {
      throw Failure(
        .internalError,
        "A picture of \(width)x\(height) cannot be written as PNG: \(String(cString: spng_strerror(result)))")
    }
    defer { free(bytes) }
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
  }

  /// Pixels and opacities interleaved.
  private func pixelsWithAlpha() -> [UInt8] {
    guard let alpha else { return pixels }
    var samples = [UInt8]()
    samples.reserveCapacity(pixels.count + alpha.count)
    for (index, opacity) in alpha.enumerated() {
      samples.append(contentsOf: pixels[index * channels..<(index + 1) * channels])
      samples.append(opacity)
    }
    return samples
  }
}

import CImageCodecs
import Support

extension Picture {
  /// The picture as a PNG file, lossless: gray or RGB, with alpha if there is any, and with its metadata. The same
  /// picture gives the same bytes.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `Failure` of kind `internalError` if the library cannot encode it, for lack of memory.
  package func pngData() throws -> [UInt8] {
    try EncodedByteSink.collected { try writePNG(to: $0) }
  }

  /// Writes the file that `pngData()` returns into a sink.
  ///
  /// - Throws: As that, and the errors of the sink.
  func writePNG(to bytes: EncodedByteSink) throws {
    precondition(channels == 1 || channels == 3, "Picture.writePNG: expected 1 or 3 channels, found \(channels)")
    guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
      throw Failure(
        .internalError, "a picture of \(width)x\(height) cannot be written as PNG (no memory for the encoder)")
    }
    defer { spng_ctx_free(context) }

    var header = spng_ihdr()
    header.width = UInt32(width)
    header.height = UInt32(height)
    header.bit_depth = 8
    // Color types are bit fields: 2 for color, 4 for alpha.
    header.color_type = (channels == 3 ? 2 : 0) + (alpha == nil ? 0 : 4)

    var result = spng_set_png_stream(
      context,
      { _, receiver, source, count in
        EncodedByteSink.at(receiver)?.take(source, count: count) ?? false ? 0 : Int32(SPNG_IO_ERROR.rawValue)
      }, bytes.context)
    if result == 0 { result = spng_set_ihdr(context, &header) }
    if result == 0 {
      result = metadata.fitting(channels: channels).adding(to: context) { encodePNG(context) }
    }
    try bytes.throwFailure()
    guard result == 0 else {
      throw Failure(
        .internalError,
        "a picture of \(width)x\(height) cannot be written as PNG (\(String(cString: spng_strerror(result))))")
    }
  }

  /// Encodes the pixels and ends the file.
  ///
  /// - Returns: The library's error, or 0.
  private func encodePNG(_ context: OpaquePointer) -> Int32 {
    let (format, finalize) = (Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
    guard let alpha else { return spng_encode_image(context, pixels, pixels.count, format, finalize) }
    // Row by row, so that there is no second copy of the picture with interleaved alpha.
    var result = spng_encode_image(context, nil, 0, format, finalize | Int32(SPNG_ENCODE_PROGRESSIVE.rawValue))
    var row = [UInt8](repeating: 0, count: width * (channels + 1))
    for y in 0..<height where result == 0 {
      interleave(row: y, alpha, into: &row)
      result = spng_encode_row(context, row, row.count)
    }
    return result == Int32(SPNG_EOI.rawValue) ? 0 : result
  }
}

import CImageCodecs
import Support

extension LabelMap {
  /// The map as an indexed PNG file with the list's own ids and palette, which paint programs can edit. The same map
  /// gives the same bytes.
  ///
  /// Reading it with `LabelRemap()` gives the same map. Ids without a class have the color of ignored pixels, as a
  /// paint program may use any id of a color.
  ///
  /// - Throws: `Failure` of kind `internalError` if the library cannot encode it, for lack of memory.
  public func encodedPNG() throws -> [UInt8] {
    guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
      throw Self.failure(width, height, "no memory for the encoder")
    }
    defer { spng_ctx_free(context) }
    var header = spng_ihdr()
    (header.width, header.height) = (UInt32(width), UInt32(height))
    (header.bit_depth, header.color_type) = (8, UInt8(SPNG_COLOR_TYPE_INDEXED.rawValue))
    var palette = self.palette
    let ids = (0...UInt8.max).map { Int($0) < classes.count || $0 == Self.ignored ? classes.id(ofValue: $0) : 0 }
    let samples = values.map { ids[Int($0)] }

    return try EncodedByteSink.collected { bytes in
      var result = spng_set_png_stream(
        context,
        { _, receiver, source, count in
          EncodedByteSink.at(receiver)?.take(source, count: count) ?? false ? 0 : Int32(SPNG_IO_ERROR.rawValue)
        }, bytes.context)
      if result == 0 { result = spng_set_ihdr(context, &header) }
      if result == 0 { result = spng_set_plte(context, &palette) }
      if result == 0 {
        result = spng_encode_image(
          context, samples, samples.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
      }
      try bytes.throwFailure()
      guard result == 0 else { throw Self.failure(width, height, String(cString: spng_strerror(result))) }
    }
  }

  /// Writes the file that `encodedPNG()` returns. It is created or replaced atomically.
  ///
  /// - Throws: As that, and `Failure` of kind `inputOutput` if the file cannot be written.
  package func write(to path: String) throws {
    try FileWriter.writeAtomically(encodedPNG(), to: path)
  }

  /// The colors of all ids up to the greatest.
  private var palette: spng_plte {
    let count = max(Int(classes.firstID) + classes.count, Int(classes.ignoredID) + 1)
    var palette = spng_plte()
    palette.n_entries = UInt32(count)
    withUnsafeMutableBytes(of: &palette.entries) { entries in
      let entries = entries.bindMemory(to: spng_plte_entry.self)
      for id in 0..<count {
        let color = classes.color(ofValue: classes.value(ofID: UInt8(id)) ?? Self.ignored)
        entries[id] = spng_plte_entry(red: color.red, green: color.green, blue: color.blue, alpha: 255)
      }
    }
    return palette
  }

  private static func failure(_ width: Int, _ height: Int, _ reason: String) -> Failure {
    Failure(.internalError, "a label map of \(width)x\(height) cannot be written as PNG (\(reason))")
  }
}

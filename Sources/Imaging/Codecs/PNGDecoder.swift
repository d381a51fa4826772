import CImageCodecs

/// PNG by libspng: every colour type and depth, interlaced or not.
final class PNGDecoder: PictureDecoder {
  let format = PictureFormat.png
  private let file: PNGRepair
  private let context: OpaquePointer
  private var header = spng_ihdr()

  var storedWidth: Int { Int(header.width) }
  var storedHeight: Int { Int(header.height) }
  /// A palette's colours have 8 bits, however few its indices have.
  var bitsPerSample: Int {
    header.color_type == UInt8(SPNG_COLOR_TYPE_INDEXED.rawValue) ? 8 : Int(header.bit_depth)
  }

  /// Bytes of one chunk of metadata when unpacked, and of all of them together. 200 kB of packed text can hold 200 MB.
  private static let chunkLimit = (single: 16 << 20, together: 64 << 20)

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
    guard let context = spng_ctx_new(0) else { throw Damage("no memory for the decoder") }
    self.context = context
    file = PNGRepair(bytes)
    let largestSide = UInt32(PictureHeader.largestPixelCount)
    try check(spng_set_image_limits(context, largestSide, largestSide))
    try check(spng_set_chunk_limits(context, Self.chunkLimit.single, Self.chunkLimit.together))
    try check(spng_set_crc_action(context, Int32(SPNG_CRC_ERROR.rawValue), Int32(SPNG_CRC_DISCARD.rawValue)))
    try check(spng_set_png_buffer(context, file.bytes.baseAddress, file.bytes.count))
    try check(spng_get_ihdr(context, &header))
    // Whatever is damaged in front of the pixels shall be found now.
    var exif = spng_exif()
    _ = try isPresent(spng_get_exif(context, &exif))
  }

  deinit {
    spng_ctx_free(context)
  }

  /// The library drops damaged chunks, and unpacks the profile; an EXIF chunk behind the pixels is seen once they are
  /// decoded.
  var metadata: PictureMetadata {
    var metadata = PictureMetadata()
    var profile = spng_iccp()
    if spng_get_iccp(context, &profile) == 0 {
      metadata.iccProfile = [UInt8](UnsafeRawBufferPointer(start: profile.profile, count: profile.profile_len))
    }
    var exif = spng_exif()
    if spng_get_exif(context, &exif) == 0 {
      metadata.exif = [UInt8](UnsafeRawBufferPointer(start: exif.data, count: exif.length))
    }
    return metadata
  }

  func decode() throws(Damage) -> Picture {
    var transparency = spng_trns()
    let hasTransparentColour = try isPresent(spng_get_trns(context, &transparency))
    let hasAlpha = hasTransparentColour || header.color_type & UInt8(SPNG_COLOR_TYPE_GRAYSCALE_ALPHA.rawValue) != 0
    if header.bit_depth == 16 {
      let samples: [UInt16] = try samples(channels: 4, format: SPNG_FMT_RGBA16)
      return Picture(
        width: storedWidth, height: storedHeight, rgba: samples.map(Self.roundedTo8Bits), hasAlpha: hasAlpha)
    }
    if hasAlpha {
      return Picture(
        width: storedWidth, height: storedHeight, rgba: try samples(channels: 4, format: SPNG_FMT_RGBA8), hasAlpha: true
      )
    }
    return Picture(
      width: storedWidth, height: storedHeight, channels: 3, pixels: try samples(channels: 3, format: SPNG_FMT_RGB8))
  }

  /// Decodes all pixels in one of the library's formats and reads on to the end of the file.
  ///
  /// - Returns: `storedHeight * storedWidth * channels` values; 16-bit ones in the machine's byte order.
  private func samples<Sample: FixedWidthInteger>(
    channels: Int, format: spng_format
  ) throws(Damage) -> [Sample] {
    let count = storedWidth * storedHeight * channels
    var result: Int32 = 0
    let samples = [Sample](unsafeUninitializedCapacity: count) { samples, initialisedCount in
      result = spng_decode_image(
        context, samples.baseAddress, count * MemoryLayout<Sample>.stride, Int32(format.rawValue),
        Int32(SPNG_DECODE_TRNS.rawValue))
      initialisedCount = result == 0 ? count : 0
    }
    try check(result)
    // The last chunk's checksum is compared only on the way to the next chunk.
    try check(spng_decode_chunks(context))
    return samples
  }

  /// The nearest of 256 levels to one of 65 536, where both ends stay ends.
  private static func roundedTo8Bits(_ sample: UInt16) -> UInt8 {
    UInt8((Int(sample) * 255 + 32_767) / 65_535)
  }

  /// - Throws: `Damage` with the library's words, or better ones, unless the result is success.
  private func check(_ result: Int32) throws(Damage) {
    switch result {
    case Int32(SPNG_OK.rawValue): return
    case Int32(SPNG_IO_EOF.rawValue): throw Damage("it ends too early")
    case Int32(SPNG_EUSER_WIDTH.rawValue), Int32(SPNG_EUSER_HEIGHT.rawValue):
      throw Damage("its header claims more than \(PictureHeader.largestPixelCount / 1_000_000) megapixels")
    default: throw Damage(String(cString: spng_strerror(result)))
    }
  }

  /// Whether a chunk that may be absent was found.
  private func isPresent(_ result: Int32) throws(Damage) -> Bool {
    if result == Int32(SPNG_ECHUNKAVAIL.rawValue) { return false }
    try check(result)
    return true
  }
}

import CImageCodecs

/// PNG by libspng: every color type and depth, interlaced or not.
final class PNGDecoder: PictureDecoder {
  let format = PictureFormat.png
  /// True if one color, or palette entries, are transparent (`tRNS`).
  private let hasTransparentColor: Bool
  private let file: PNGRepair
  private let context: OpaquePointer
  private var header = spng_ihdr()

  var storedWidth: Int { Int(header.width) }
  var storedHeight: Int { Int(header.height) }
  /// A palette's colors have 8 bits, however few its indices have.
  var bitsPerSample: Int { isIndexed ? 8 : Int(header.bit_depth) }
  /// Color types are bit fields: 1 for a palette, 2 for color, 4 for alpha.
  var isGray: Bool { header.color_type & 3 == 0 }
  var hasAlpha: Bool { header.color_type & 4 != 0 || hasTransparentColor }
  /// Interlaced rows (Adam7) are assembled in a buffer of their own, unless they need no conversion.
  var extraBytes: Int {
    guard header.interlace_method != 0 else { return 0 }
    return storedWidth * storedHeight * (header.bit_depth == 16 ? 8 : 4)
  }

  /// Limits of the decompressed bytes of one metadata chunk, and of all of them together: 200 kB of compressed text can
  /// hold 200 MB.
  private static let chunkLimit = (single: 16 << 20, together: 64 << 20)

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) {
    guard let context = spng_ctx_new(0) else { throw CodecError("no memory for the decoder") }
    self.context = context
    file = PNGRepair(bytes)
    var hasTransparentColor = false
    do {
      try Self.check(spng_set_chunk_limits(context, Self.chunkLimit.single, Self.chunkLimit.together))
      try Self.check(
        spng_set_crc_action(context, Int32(SPNG_CRC_ERROR.rawValue), Int32(SPNG_CRC_DISCARD.rawValue)))
      try Self.check(spng_set_png_buffer(context, file.bytes.baseAddress, file.bytes.count))
      try Self.check(spng_get_ihdr(context, &header))
      // Finds damage before the pixels now.
      var exif = spng_exif()
      _ = try Self.isPresent(spng_get_exif(context, &exif))
      var transparency = spng_trns()
      hasTransparentColor = try Self.isPresent(spng_get_trns(context, &transparency))
    } catch {
      spng_ctx_free(context)
      throw error
    }
    self.hasTransparentColor = hasTransparentColor
  }

  deinit {
    spng_ctx_free(context)
  }

  var metadata: PictureMetadata { PictureMetadata(ofPNG: context, file: file.bytes) }

  func decode(keepsGray: Bool) throws(CodecError) -> Picture {
    let (width, height) = (storedWidth, storedHeight)
    let channels = keepsGray && isGray ? 1 : 3
    if header.bit_depth < 16, !hasAlpha, channels == 3 {
      let pixels = try [UInt8](decoded: width * height * 3) { (target) throws(CodecError) in
        try decode(SPNG_FMT_RGB8, into: UnsafeMutableRawBufferPointer(target))
      }
      return Picture(width: width, height: height, channels: 3, pixels: pixels)
    }
    var alpha: [UInt8]?
    if hasAlpha { alpha = [UInt8](repeating: 0, count: width * height) }
    let pixels = try [UInt8](decoded: width * height * channels) { (target) throws(CodecError) in
      try decodeRows { row, y in
        let start = y * width
        for x in 0..<width {
          for channel in 0..<channels { target[(start + x) * channels + channel] = row(x, channel) }
        }
        if alpha != nil { for x in 0..<width { alpha![start + x] = row(x, 3) } }
      }
    }
    return Picture(width: width, height: height, channels: channels, pixels: pixels, alpha: alpha)
  }

  // MARK: Samples as they are stored

  /// A color of an indexed file.
  struct PaletteEntry {
    let color: RGB
    let alpha: UInt8
  }

  /// True if a pixel is one sample of at most 8 bits: a palette index or a gray level.
  var hasPlainSamples: Bool { header.bit_depth <= 8 && (isIndexed || header.color_type == 0) }

  private var isIndexed: Bool { header.color_type == UInt8(SPNG_COLOR_TYPE_INDEXED.rawValue) }

  /// The palette of an indexed file; nil for others, whose palette is a mere suggestion.
  func palette() throws(CodecError) -> [PaletteEntry]? {
    guard isIndexed else { return nil }
    var (colors, transparency) = (spng_plte(), spng_trns())
    try Self.check(spng_get_plte(context, &colors))
    let isTransparent = try Self.isPresent(spng_get_trns(context, &transparency))
    let count = min(256, Int(colors.n_entries))
    let alphaCount = isTransparent ? min(256, Int(transparency.n_type3_entries)) : 0
    return withUnsafeBytes(of: &colors.entries) { entries in
      withUnsafeBytes(of: &transparency.type3_alpha) { alphas in
        let entries = entries.bindMemory(to: spng_plte_entry.self)
        return (0..<count).map { index in
          let entry = entries[index]
          return PaletteEntry(
            color: RGB(entry.red, entry.green, entry.blue), alpha: index < alphaCount ? alphas[index] : 255)
        }
      }
    }
  }

  /// The samples of a file that has plain ones, unchanged: indices into the palette, or gray levels of 1, 2, 4 or 8
  /// bits, not scaled. May be called once, instead of `decode(keepsGray:)`.
  func decodeSamples() throws(CodecError) -> [UInt8] {
    precondition(hasPlainSamples, "PNGDecoder.decodeSamples: expected indices or grays of at most 8 bits")
    let (width, height, depth) = (storedWidth, storedHeight, Int(header.bit_depth))
    let rowLength = (width * depth + 7) / 8
    let packed = try [UInt8](decoded: rowLength * height) { (target) throws(CodecError) in
      // The library adds the bits of interlaced rows to what is there.
      target.initialize(repeating: 0)
      try Self.check(
        spng_decode_image(context, target.baseAddress, target.count, Int32(SPNG_FMT_PNG.rawValue), 0))
      try readToEnd()
    }
    if depth == 8 { return packed }
    var samples = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let bit = x * depth
        let shift = 8 - depth - bit % 8
        samples[y * width + x] = packed[y * rowLength + bit / 8] >> shift & (1 << depth - 1)
      }
    }
    return samples
  }

  // MARK: Rows

  /// Decodes row by row, and passes each as a function of column and channel: red, green, blue, alpha.
  private func decodeRows(_ take: (_ row: (Int, Int) -> UInt8, _ y: Int) -> Void) throws(CodecError) {
    let isDeep = header.bit_depth == 16
    let format = isDeep ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8
    let length = storedWidth * (isDeep ? 8 : 4)
    func hand(over row: UnsafeMutableRawBufferPointer, _ y: Int) {
      if isDeep {
        let samples = row.bindMemory(to: UInt16.self)
        take({ Self.roundedTo8Bits(samples[4 * $0 + $1]) }, y)
      } else {
        take({ row[4 * $0 + $1] }, y)
      }
    }
    let isInterlaced = header.interlace_method != 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: length * (isInterlaced ? storedHeight : 1), alignment: MemoryLayout<UInt16>.alignment)
    defer { buffer.deallocate() }
    if isInterlaced {
      try decode(format, into: buffer)
      for y in 0..<storedHeight {
        hand(over: UnsafeMutableRawBufferPointer(rebasing: buffer[y * length..<(y + 1) * length]), y)
      }
      return
    }
    let flags = Int32(SPNG_DECODE_TRNS.rawValue | SPNG_DECODE_PROGRESSIVE.rawValue)
    try Self.check(spng_decode_image(context, nil, 0, Int32(format.rawValue), flags))
    for y in 0..<storedHeight {
      let result = spng_decode_row(context, buffer.baseAddress, length)
      if result != Int32(SPNG_EOI.rawValue) { try Self.check(result) }
      hand(over: buffer, y)
    }
    try readToEnd()
  }

  /// Decodes all pixels in one of the library's formats, 16-bit ones in the machine's byte order.
  private func decode(_ format: spng_format, into target: UnsafeMutableRawBufferPointer) throws(CodecError) {
    try Self.check(
      spng_decode_image(
        context, target.baseAddress, target.count, Int32(format.rawValue), Int32(SPNG_DECODE_TRNS.rawValue)))
    try readToEnd()
  }

  /// Reads the rest, as libspng compares a chunk's checksum only on the way to the next chunk.
  private func readToEnd() throws(CodecError) { try Self.check(spng_decode_chunks(context)) }

  /// A 16-bit sample rounded to 8 bits: x · 255 / 65 535.
  private static func roundedTo8Bits(_ sample: UInt16) -> UInt8 {
    UInt8((Int(sample) * 255 + 32_767) / 65_535)
  }

  /// - Throws: `CodecError` with the library's message, or a clearer one, unless the result is success.
  private static func check(_ result: Int32) throws(CodecError) {
    switch result {
    case Int32(SPNG_OK.rawValue): return
    case Int32(SPNG_IO_EOF.rawValue): throw CodecError("it ends too early")
    default: throw CodecError(String(cString: spng_strerror(result)))
    }
  }

  /// True if a chunk that may be absent was found.
  private static func isPresent(_ result: Int32) throws(CodecError) -> Bool {
    if result == Int32(SPNG_ECHUNKAVAIL.rawValue) { return false }
    try check(result)
    return true
  }
}

extension [UInt8] {
  /// An array whose memory a decoder fills.
  fileprivate init(decoded count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(CodecError) -> Void)
    throws(CodecError)
  {
    var damage: CodecError?
    self.init(unsafeUninitializedCapacity: count) { target, initializedCount in
      do throws(CodecError) {
        try fill(UnsafeMutableBufferPointer(rebasing: target[..<count]))
        initializedCount = count
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
  }
}

/// A PNG file without empty `eXIf` chunks, which libspng 0.7.3 takes for too long ones and rejects.
final class PNGRepair {
  /// The file, or a copy without those chunks.
  let bytes: UnsafeBufferPointer<UInt8>
  private let copy: UnsafeMutableBufferPointer<UInt8>?

  /// - Parameter original: Must outlive the repaired file.
  init(_ original: UnsafeBufferPointer<UInt8>) {
    let chunks = PNGChunks(original).filter { $0.name == "eXIf" && $0.contents.isEmpty }
    guard !chunks.isEmpty else {
      (bytes, copy) = (original, nil)
      return
    }
    var file = [UInt8](original)
    for chunk in chunks.reversed() { file.removeSubrange(chunk.range) }
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
    _ = copy.initialize(from: file)
    (bytes, self.copy) = (UnsafeBufferPointer(copy), copy)
  }

  deinit {
    copy?.deallocate()
  }
}

import CImageCodecs

/// Metadata in a PNG file: a profile (`iCCP`), EXIF (`eXIf`), XMP (a text `XML:com.adobe.xmp`), the resolution (`pHYs`)
/// and the color space (`gAMA`, `cHRM`, `sRGB`, `cICP` and others).
extension PictureMetadata {
  private static let xmpKeyword = "XML:com.adobe.xmp"

  /// The metadata that a decoder has read so far. The library drops damaged chunks, and decompresses the profile.
  /// Chunks after the pixels are seen only once those are decoded.
  ///
  /// - Parameter file: The bytes that the decoder reads, for chunks that the library does not know.
  init(ofPNG context: OpaquePointer, file: UnsafeBufferPointer<UInt8>) {
    self.init()
    var profile = spng_iccp()
    if spng_get_iccp(context, &profile) == 0 {
      iccProfile = [UInt8](UnsafeRawBufferPointer(start: profile.profile, count: profile.profile_len))
    }
    var data = spng_exif()
    if spng_get_exif(context, &data) == 0 {
      exif = [UInt8](UnsafeRawBufferPointer(start: data.data, count: data.length))
    }
    var density = spng_phys()
    if spng_get_phys(context, &density) == 0 {
      resolution = Resolution(
        horizontal: Int(density.ppu_x), vertical: Int(density.ppu_y), unit: density.unit_specifier == 1 ? .meter : .none
      )
    }
    for text in Self.texts(of: context) {
      let keyword = withUnsafeBytes(of: text.keyword) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if keyword == Self.xmpKeyword {
        xmp = xmp ?? [UInt8](UnsafeRawBufferPointer(start: text.text, count: text.length))
      } else {
        droppedItems = ["texts"]
      }
    }
    pngColorSpace = Self.colorSpace(of: context, file: file).nonempty
  }

  private static func texts(of context: OpaquePointer) -> [spng_text] {
    var count: UInt32 = 0
    guard spng_get_text(context, nil, &count) == 0, count > 0 else { return [] }
    var texts = [spng_text](repeating: spng_text(), count: Int(count))
    return spng_get_text(context, &texts, &count) == 0 ? texts : []
  }

  private static func colorSpace(of context: OpaquePointer, file: UnsafeBufferPointer<UInt8>) -> PNGColorSpace {
    var space = PNGColorSpace()
    var gamma: UInt32 = 0
    if spng_get_gama_int(context, &gamma) == 0 { space.gamma = gamma }
    var points = spng_chrm_int()
    if spng_get_chrm_int(context, &points) == 0 {
      space.chromaticities = withUnsafeBytes(of: &points) { [UInt32]($0.bindMemory(to: UInt32.self)) }
    }
    var intent: UInt8 = 0
    if spng_get_srgb(context, &intent) == 0 { space.renderingIntent = intent }
    for chunk in PNGChunks(file).prefix(while: { $0.name != "IDAT" }) {
      guard PNGColorSpace.codeLengths[chunk.name] == chunk.contents.count, chunk.isIntact,
        !space.codes.contains(where: { $0.name == chunk.name })
      else { continue }
      space.codes.append(PNGColorSpace.Code(name: chunk.name, contents: [UInt8](chunk.contents)))
    }
    return space
  }

  /// Passes the metadata to an encoder, which reads it while `encode` runs.
  ///
  /// - Returns: The library's first error, or 0.
  func adding(to context: OpaquePointer, encode: () -> Int32) -> Int32 {
    let items = PNGItems(context)
    if let iccProfile {
      items.add { context, keep in
        var profile = spng_iccp()
        withUnsafeMutableBytes(of: &profile.profile_name) { $0.copyBytes(from: "ICC profile".utf8) }
        profile.profile = keep(iccProfile).assumingMemoryBound(to: CChar.self)
        profile.profile_len = iccProfile.count
        return spng_set_iccp(context, &profile)
      }
    }
    if let exif {
      items.add { context, keep in
        var data = spng_exif(length: exif.count, data: keep(exif).assumingMemoryBound(to: CChar.self))
        return spng_set_exif(context, &data)
      }
    }
    if let xmp {
      items.add { context, keep in
        var text = spng_text()
        text.type = Int32(SPNG_ITXT.rawValue)
        withUnsafeMutableBytes(of: &text.keyword) { $0.copyBytes(from: Self.xmpKeyword.utf8) }
        // The library needs a terminating zero beside the length.
        text.text = keep(xmp + [0]).assumingMemoryBound(to: CChar.self)
        text.length = xmp.count
        text.language_tag = keep([0]).assumingMemoryBound(to: CChar.self)
        text.translated_keyword = text.language_tag
        return spng_set_text(context, &text, 1)
      }
    }
    if let density = resolution?.png {
      items.add { context, _ in
        var fields = spng_phys(ppu_x: density.horizontal, ppu_y: density.vertical, unit_specifier: density.unit)
        return spng_set_phys(context, &fields)
      }
    }
    if let pngColorSpace { items.add(pngColorSpace) }
    // The library keeps pointers to the items' bytes.
    return withExtendedLifetime(items) { items.result == 0 ? encode() : items.result }
  }
}

/// Metadata chunks for an encoder, set one after the other up to the first that it refuses. Keeps their bytes alive,
/// which the encoder reads later.
private final class PNGItems {
  private(set) var result: Int32 = 0
  private let context: OpaquePointer
  private var memory: [UnsafeMutableRawBufferPointer] = []

  init(_ context: OpaquePointer) {
    self.context = context
  }

  deinit {
    for bytes in memory { bytes.deallocate() }
  }

  func add(_ set: (OpaquePointer, _ keep: ([UInt8]) -> UnsafeMutableRawPointer) -> Int32) {
    guard result == 0 else { return }
    result = set(context) { bytes in
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
      copy.copyBytes(from: bytes)
      memory.append(copy)
      return copy.baseAddress!
    }
  }

  func add(_ space: PNGColorSpace) {
    if let gamma = space.gamma { add { context, _ in spng_set_gama_int(context, gamma) } }
    if let points = space.chromaticities {
      add { context, _ in
        var fields = spng_chrm_int()
        withUnsafeMutableBytes(of: &fields) { fields in points.withUnsafeBytes { fields.copyMemory(from: $0) } }
        return spng_set_chrm_int(context, &fields)
      }
    }
    if let intent = space.renderingIntent { add { context, _ in spng_set_srgb(context, intent) } }
    guard !space.codes.isEmpty else { return }
    add { context, keep in
      let chunks = space.codes.map { code in
        var chunk = spng_unknown_chunk()
        withUnsafeMutableBytes(of: &chunk.type) { $0.copyBytes(from: code.name.utf8) }
        (chunk.length, chunk.data, chunk.location) = (code.contents.count, keep(code.contents), SPNG_AFTER_IHDR)
        return chunk
      }
      // The library keeps a pointer to the list, too.
      let list = keep(chunks.withUnsafeBytes { [UInt8]($0) })
      return spng_set_unknown_chunks(
        context, list.assumingMemoryBound(to: spng_unknown_chunk.self), UInt32(chunks.count))
    }
  }
}

/// The chunks of a PNG file: length, name, contents, checksum (ISO/IEC 15948, section 5.3).
struct PNGChunks: Sequence, IteratorProtocol {
  struct Chunk {
    let name: String
    let contents: UnsafeBufferPointer<UInt8>
    /// The byte range of the whole chunk.
    let range: Range<Int>
    fileprivate let checksum: UInt32

    /// True if the checksum is right (ISO/IEC 15948, annex D). Bit by bit, for short chunks only.
    var isIntact: Bool {
      var remainder = UInt32.max
      for byte in [UInt8](name.utf8) + contents {
        remainder ^= UInt32(byte)
        for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
      }
      return ~remainder == checksum
    }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  /// Starts after the signature.
  private var position = 8
  /// The size in bytes of a length, a name or a checksum.
  private static let fieldLength = 4

  /// - Parameter bytes: A file or the beginning of one; its chunks must not outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The next chunk; nil also for a truncated one.
  mutating func next() -> Chunk? {
    let start = position + 2 * Self.fieldLength
    guard start <= bytes.count else { return nil }
    let length = integer(at: position)
    let end = start + length + Self.fieldLength
    guard end <= bytes.count else { return nil }
    defer { position = end }
    return Chunk(
      name: String(decoding: bytes[position + Self.fieldLength..<start], as: UTF8.self),
      contents: UnsafeBufferPointer(rebasing: bytes[start..<start + length]), range: position..<end,
      checksum: UInt32(integer(at: end - Self.fieldLength)))
  }

  private func integer(at position: Int) -> Int {
    bytes[position..<position + Self.fieldLength].reduce(0) { $0 << 8 | Int($1) }
  }
}

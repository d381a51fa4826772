/// The chunks of a PNG file: length, name, contents, checksum (ISO/IEC 15948, section 5.3).
struct PNGChunks: Sequence, IteratorProtocol {
  struct Chunk {
    let name: String
    let contents: UnsafeBufferPointer<UInt8>
    /// The positions of the whole chunk.
    let range: Range<Int>
    fileprivate let checksum: UInt32

    /// Compares the checksum (ISO/IEC 15948, annex D); only fit for short chunks.
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
  /// Behind the signature.
  private var position = 8
  /// The bytes of a length, a name or a checksum.
  private static let fieldLength = 4

  /// - Parameter bytes: A file or the beginning of one; its chunks must not outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Nil also where a chunk is not whole.
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

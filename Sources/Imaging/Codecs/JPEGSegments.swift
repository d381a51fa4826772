/// The segments of a JPEG file in front of its first scan (ITU-T T.81, section B.1).
struct JPEGSegments: Sequence, IteratorProtocol {
  struct Segment {
    /// The byte behind 0xFF, such as 0xE1 for APP1.
    let marker: UInt8
    /// The bytes that follow the length.
    let contents: UnsafeBufferPointer<UInt8>
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 2

  /// - Parameter bytes: A file that begins with 0xFFD8; its segments must not outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Nil also where a segment is not whole: what comes then makes no sense.
  mutating func next() -> Segment? {
    while position + 4 <= bytes.count {
      let marker = bytes[position] == 0xFF ? bytes[position + 1] : 0
      switch marker {
      case 0x00, 0xFF:  // Padding, or bytes too many, as some cameras write them.
        position += 1
      case 0x01, 0xD0...0xD8:  // Markers without contents.
        position += 2
      case 0xD9, 0xDA:  // The end, or the first scan.
        return nil
      default:
        let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
        let end = position + 2 + length
        guard length >= 2, end <= bytes.count else { return nil }
        defer { position = end }
        return Segment(marker: marker, contents: UnsafeBufferPointer(rebasing: bytes[position + 4..<end]))
      }
    }
    return nil
  }
}

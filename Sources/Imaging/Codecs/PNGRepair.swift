/// A PNG file that the library can read though it holds an EXIF chunk without contents, which libspng 0.7.3 takes for one
/// that is too long and gives up on.
final class PNGRepair {
  /// The file, or a copy without those chunks.
  let bytes: UnsafeBufferPointer<UInt8>
  private let copy: UnsafeMutableBufferPointer<UInt8>?

  /// Length 0 and name; the checksum follows.
  private static let emptyExif: [UInt8] = [0, 0, 0, 0, 0x65, 0x58, 0x49, 0x66]
  private static let checksumLength = 4

  /// - Parameter original: Must outlive the repaired file.
  init(_ original: UnsafeBufferPointer<UInt8>) {
    let chunks = Self.emptyExifChunks(in: original)
    guard !chunks.isEmpty else {
      (bytes, copy) = (original, nil)
      return
    }
    var file = [UInt8](original)
    for chunk in chunks.reversed() { file.removeSubrange(chunk) }
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
    _ = copy.initialize(from: file)
    (bytes, self.copy) = (UnsafeBufferPointer(copy), copy)
  }

  deinit {
    copy?.deallocate()
  }

  /// Walks from chunk to chunk: length, name, contents, checksum (ISO/IEC 15948, section 5.3).
  private static func emptyExifChunks(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var position = 8
    while position + emptyExif.count + checksumLength <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + emptyExif.count + length + checksumLength
      if bytes[position..<position + emptyExif.count].elementsEqual(emptyExif) { found.append(position..<end) }
      position = end
    }
    return found
  }
}

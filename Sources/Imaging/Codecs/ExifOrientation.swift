/// The one thing of EXIF that matters here. The data is often wrong and sometimes hostile: whatever cannot be understood
/// is upright.
extension Orientation {
  /// Finds the EXIF segment of a JPEG file (APP1 with the name "Exif") before the first scan.
  init(ofJPEG bytes: UnsafeBufferPointer<UInt8>) {
    self = .upright
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      switch marker {
      case 0xFF:  // Padding.
        position += 1
      case 0x01, 0xD0...0xD8:  // Markers without contents.
        position += 2
      case 0xD9, 0xDA:  // The end, or the first scan.
        return
      default:
        let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
        let end = position + 2 + length
        guard length >= 2, end <= bytes.count else { return }
        let contents = UnsafeBufferPointer(rebasing: bytes[position + 4..<end])
        if marker == 0xE1, contents.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
          self.init(ofTIFF: UnsafeBufferPointer(rebasing: contents.dropFirst(6)))
          return
        }
        position = end
      }
    }
  }

  /// Looks the tag up in the first directory of a TIFF structure, the form of EXIF in every file format.
  init(ofTIFF bytes: UnsafeBufferPointer<UInt8>) {
    self = .upright
    guard let tiff = TIFFReader(bytes), let directory = tiff.integer(at: 4, byteCount: 4),
      let entryCount = tiff.integer(at: directory, byteCount: 2)
    else { return }
    for index in 0..<entryCount {
      let entry = directory + 2 + 12 * index
      guard let tag = tiff.integer(at: entry, byteCount: 2), let type = tiff.integer(at: entry + 2, byteCount: 2) else {
        return
      }
      if tag == 0x0112 {
        // Type 3 is a 16-bit number, as the standard wants it; some programs write type 4, 32 bits.
        let value = tiff.integer(at: entry + 8, byteCount: type == 4 ? 4 : 2)
        if type == 3 || type == 4, let value, let orientation = Orientation(rawValue: value) { self = orientation }
        return
      }
    }
  }
}

/// Integers of a TIFF structure, in the byte order it declares.
private struct TIFFReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let isBigEndian: Bool

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.starts(with: [0x49, 0x49, 42, 0]) {
      isBigEndian = false
    } else if bytes.starts(with: [0x4D, 0x4D, 0, 42]) {
      isBigEndian = true
    } else {
      return nil
    }
    self.bytes = bytes
  }

  /// Nil beyond the end. Positions are at most 2^32 plus a directory's length, so that they cannot overflow.
  func integer(at position: Int, byteCount: Int) -> Int? {
    guard position + byteCount <= bytes.count else { return nil }
    return (0..<byteCount).reduce(0) { value, index in
      value << 8 | Int(bytes[position + (isBigEndian ? index : byteCount - 1 - index)])
    }
  }
}

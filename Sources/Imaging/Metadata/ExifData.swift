/// EXIF data, which has the form of a TIFF file: a byte order, then directories of entries of 12 bytes each (TIFF 6.0,
/// section 2). It is often wrong and sometimes hostile.
struct ExifData {
  private let bytes: [UInt8]
  private let isBigEndian: Bool
  /// Where the entries of the first directory begin; all of them lie within `bytes`.
  private let entries: [Int]

  private static let orientationTag = 0x0112
  /// Types of values: integers of 16 bits, as the standard wants the orientation, and of 32, as some programs write it.
  private enum ValueType {
    static let short = 3
    static let long = 4
  }

  /// Nil if there is no whole directory, or too much of everything. The name that JPEG puts in front may be there, as
  /// some programs write it into other formats too.
  init?(_ stored: [UInt8]) {
    let name = [UInt8]("Exif\0\0".utf8)
    bytes = stored.starts(with: name) ? [UInt8](stored.dropFirst(name.count)) : stored
    if bytes.starts(with: [0x49, 0x49, 42, 0]) {
      isBigEndian = false
    } else if bytes.starts(with: [0x4D, 0x4D, 0, 42]) {
      isBigEndian = true
    } else {
      return nil
    }
    guard bytes.count <= PictureMetadata.largestItem,
      let directory = Self.integer(bytes, at: 4, byteCount: 4, isBigEndian),
      let count = Self.integer(bytes, at: directory, byteCount: 2, isBigEndian),
      directory + 2 + 12 * count <= bytes.count
    else { return nil }
    entries = (0..<count).map { directory + 2 + 12 * $0 }
  }

  /// What the first such entry says; upright if there is none, or it says what does not exist.
  var orientation: Orientation {
    guard let entry = orientationEntries.first, let type = integer(at: entry + 2, byteCount: 2),
      type == ValueType.short || type == ValueType.long,
      let value = integer(at: entry + 8, byteCount: type == ValueType.long ? 4 : 2)
    else { return .upright }
    return Orientation(rawValue: value) ?? .upright
  }

  /// The bytes, where every orientation in the first directory is 1 and nothing else has changed. That of the thumbnail,
  /// in the second directory, is its own.
  var upright: [UInt8] {
    var upright = bytes
    func write(_ value: UInt8, at position: Int, byteCount: Int) {
      for index in position..<position + byteCount { upright[index] = 0 }
      upright[isBigEndian ? position + byteCount - 1 : position] = value
    }
    for entry in orientationEntries {
      if integer(at: entry + 2, byteCount: 2) == ValueType.long {
        write(1, at: entry + 8, byteCount: 4)
      } else {
        write(UInt8(ValueType.short), at: entry + 2, byteCount: 2)
        write(1, at: entry + 4, byteCount: 4)
        write(1, at: entry + 8, byteCount: 2)
      }
    }
    return upright
  }

  private var orientationEntries: [Int] {
    entries.filter { integer(at: $0, byteCount: 2) == Self.orientationTag }
  }

  private func integer(at position: Int, byteCount: Int) -> Int? {
    Self.integer(bytes, at: position, byteCount: byteCount, isBigEndian)
  }

  /// Nil beyond the end. Positions are at most 2^32 plus a directory's length, so that they cannot overflow.
  private static func integer(_ bytes: [UInt8], at position: Int, byteCount: Int, _ isBigEndian: Bool) -> Int? {
    guard position + byteCount <= bytes.count else { return nil }
    return (0..<byteCount).reduce(0) { value, index in
      value << 8 | Int(bytes[position + (isBigEndian ? index : byteCount - 1 - index)])
    }
  }
}

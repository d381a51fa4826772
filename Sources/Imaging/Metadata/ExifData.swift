/// EXIF data, which has the form of a TIFF file: a byte order, then directories of entries of 12 bytes each (TIFF 6.0,
/// section 2). It is often wrong and sometimes malicious.
struct ExifData {
  private var bytes: [UInt8]
  private let isBigEndian: Bool
  /// The offset of the first directory (IFD 0); all of its entries lie within `bytes`.
  private let directory: Int

  private enum Tag {
    static let orientation = 0x0112
    static let horizontalResolution = 0x011A
    static let verticalResolution = 0x011B
    static let resolutionUnit = 0x0128
    /// Directories that belong to the picture: EXIF's own, GPS, interoperability.
    static let directories: Set<Int> = [0x8769, 0x8825, 0xA005]
    /// Entries that lead to other renderings of the picture, or hold one: strips and tiles of pixels, further
    /// directories, a JPEG file, XMP, Photoshop's resources, the thumbnail of Windows.
    static let renderings: Set<Int> = [
      0x0111, 0x0117, 0x0144, 0x0145, 0x014A, 0x0201, 0x0202, 0x02BC, 0x8649, 0x501B,
    ]
  }

  /// Types of values. By the standard the orientation is an integer of 16 bits; some programs write 32.
  private enum ValueType {
    static let short = 3
    static let long = 4
    static let rational = 5
    /// The size of a value in bytes, by its type.
    static let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1]
  }

  /// Nil if the first directory is not complete, or the data is too large. The prefix of JPEG's segments is skipped, as
  /// some programs write it into other formats, too.
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
    guard bytes.count <= PictureMetadata.maximumItemBytes,
      let directory = Self.integer(bytes, at: 4, byteCount: 4, isBigEndian),
      let count = Self.integer(bytes, at: directory, byteCount: 2, isBigEndian),
      directory + 2 + 12 * count <= bytes.count
    else { return nil }
    self.directory = directory
  }

  /// The value of the first such entry; upright if there is none, or its value is invalid.
  var orientation: Orientation {
    guard let entry = entries(of: directory, tag: Tag.orientation).first,
      let type = integer(at: entry + 2, byteCount: 2),
      type == ValueType.short || type == ValueType.long,
      let value = integer(at: entry + 8, byteCount: type == ValueType.long ? 4 : 2)
    else { return .upright }
    return Orientation(rawValue: value) ?? .upright
  }

  /// True if there is a resolution.
  var hasResolution: Bool {
    !entries(of: directory, tag: Tag.horizontalResolution).isEmpty
      && !entries(of: directory, tag: Tag.verticalResolution).isEmpty
  }

  /// The data of an upright picture without other renderings of it. Every orientation in the first directory is 1. The
  /// second directory, which is the thumbnail's, is removed, and so are bytes that no directory of the picture refers
  /// to, and pictures within values, such as previews in maker notes. Everything else keeps its offset, as maker notes
  /// may contain absolute ones.
  ///
  /// Nil if directories or values overlap too much, as in malicious data.
  var sanitized: [UInt8]? {
    var data = self
    data.turnUpright()
    return data.bytesInUse()
  }

  private mutating func turnUpright() {
    for entry in entries(of: directory, tag: Tag.orientation) {
      if integer(at: entry + 2, byteCount: 2) == ValueType.long {
        write(1, at: entry + 8, byteCount: 4)
      } else {
        write(ValueType.short, at: entry + 2, byteCount: 2)
        write(1, at: entry + 4, byteCount: 4)
        write(1, at: entry + 8, byteCount: 2)
      }
    }
  }

  /// The bytes that the picture's directories refer to, each at its offset, with zeros in between.
  private mutating func bytesInUse() -> [UInt8]? {
    var kept = [UInt8](repeating: 0, count: bytes.count)
    var (length, copied) = (8, 0)
    kept.replaceSubrange(0..<8, with: bytes[0..<8])
    var waiting = [directory]
    var visited: Set<Int> = []
    while let directory = waiting.popLast() {
      guard visited.insert(directory).inserted, let end = removeRenderings(fromDirectoryAt: directory) else { continue }
      copied += end - directory
      kept.replaceSubrange(directory..<end, with: bytes[directory..<end])
      length = max(length, end)
      guard copied <= 2 * bytes.count else { return nil }
      for entry in entries(of: directory) {
        if let tag = integer(at: entry, byteCount: 2), Tag.directories.contains(tag),
          let inner = integer(at: entry + 8, byteCount: 4)
        {
          waiting.append(inner)
        } else if let value = value(ofEntryAt: entry) {
          copied += value.count
          // Values that share bytes do not come from a camera, and could make copying endless.
          guard copied <= 2 * bytes.count else { return nil }
          kept.replaceSubrange(value, with: EmbeddedPictures.blanked(bytes[value]))
          length = max(length, value.upperBound)
        }
      }
    }
    return [UInt8](kept[..<length])
  }

  /// Removes the entries of other renderings from a directory, and the link to the next one.
  ///
  /// - Returns: The directory's end; nil if it is not complete.
  private mutating func removeRenderings(fromDirectoryAt directory: Int) -> Int? {
    guard let count = integer(at: directory, byteCount: 2), directory + 2 + 12 * count <= bytes.count else {
      return nil
    }
    let kept = entries(of: directory).filter { entry in
      integer(at: entry, byteCount: 2).map { !Tag.renderings.contains($0) } ?? false
    }
    let end = directory + 2 + 12 * count
    // A directory may end without a link.
    let linkEnd = min(end + 4, bytes.count)
    let contents = kept.flatMap { bytes[$0..<$0 + 12] }
    write(kept.count, at: directory, byteCount: 2)
    for position in directory + 2..<linkEnd { bytes[position] = 0 }
    bytes.replaceSubrange(directory + 2..<directory + 2 + contents.count, with: contents)
    return linkEnd
  }

  /// The offsets of a directory's entries.
  private func entries(of directory: Int, tag: Int? = nil) -> [Int] {
    let count = integer(at: directory, byteCount: 2) ?? 0
    let entries = (0..<count).map { directory + 2 + 12 * $0 }
    return tag.map { tag in entries.filter { integer(at: $0, byteCount: 2) == tag } } ?? entries
  }

  /// The range of a value that does not fit into its entry; nil if it fits, or lies outside of the data.
  private func value(ofEntryAt entry: Int) -> Range<Int>? {
    guard let type = integer(at: entry + 2, byteCount: 2), let size = ValueType.sizes[type],
      let count = integer(at: entry + 4, byteCount: 4), let start = integer(at: entry + 8, byteCount: 4),
      count * size > 4, start + count * size <= bytes.count
    else { return nil }
    return start..<start + count * size
  }

  private mutating func write(_ value: Int, at position: Int, byteCount: Int) {
    let written = Self.bytes(of: value, byteCount: byteCount, isBigEndian)
    bytes.replaceSubrange(position..<position + byteCount, with: written)
  }

  private func integer(at position: Int, byteCount: Int) -> Int? {
    Self.integer(bytes, at: position, byteCount: byteCount, isBigEndian)
  }

  /// An integer; nil beyond the end. Positions are at most 2^32 plus a directory's length, so that they cannot
  /// overflow.
  private static func integer(_ bytes: [UInt8], at position: Int, byteCount: Int, _ isBigEndian: Bool) -> Int? {
    guard position + byteCount <= bytes.count else { return nil }
    return (0..<byteCount).reduce(0) { value, index in
      value << 8 | Int(bytes[position + (isBigEndian ? index : byteCount - 1 - index)])
    }
  }

  private static func bytes(of value: Int, byteCount: Int, _ isBigEndian: Bool) -> [UInt8] {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (byteCount - 1 - $0))) }
    return isBigEndian ? bytes : bytes.reversed()
  }
}

extension ExifData {
  /// Data with a resolution and nothing else, for formats without a field for it.
  static func describing(_ resolution: Resolution) -> [UInt8] {
    let (unit, denominator) = resolution.exifUnit
    func number(_ value: Int, _ byteCount: Int) -> [UInt8] { bytes(of: value, byteCount: byteCount, true) }
    func entry(_ tag: Int, type: Int, _ value: [UInt8]) -> [UInt8] {
      number(tag, 2) + number(type, 2) + number(1, 4) + value
    }
    // Byte order, three entries and the link are 50 bytes; the fractions follow.
    return [0x4D, 0x4D, 0, 42] + number(8, 4) + number(3, 2)
      + entry(Tag.horizontalResolution, type: ValueType.rational, number(50, 4))
      + entry(Tag.verticalResolution, type: ValueType.rational, number(58, 4))
      + entry(Tag.resolutionUnit, type: ValueType.short, number(unit, 2) + [0, 0])
      + number(0, 4)
      + number(resolution.horizontal, 4) + number(denominator, 4)
      + number(resolution.vertical, 4) + number(denominator, 4)
  }
}

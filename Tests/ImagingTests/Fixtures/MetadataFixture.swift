@testable import Imaging

/// Small metadata of every kind.
enum MetadataFixture {
  /// A colour profile without tags: a header with the length, the colour space and the signature, then zeros.
  static func profile(_ colourSpace: String, length: Int = 132) -> [UInt8] {
    var profile = [UInt8](repeating: 0, count: length)
    profile.replaceSubrange(0..<4, with: bigEndian(length, byteCount: 4))
    profile.replaceSubrange(16..<20, with: colourSpace.utf8)
    profile.replaceSubrange(36..<40, with: "acsp".utf8)
    return profile
  }

  /// EXIF data of two directories: the picture's with its width (4000) and an orientation, the thumbnail's with the
  /// orientation 8.
  ///
  /// - Parameter type: 3 for 16-bit values, 4 for 32-bit ones.
  static func exif(orientation: Int, type: Int = 3, isBigEndian: Bool = true) -> [UInt8] {
    func number(_ value: Int, byteCount: Int) -> [UInt8] {
      let bytes = bigEndian(value, byteCount: byteCount)
      return isBigEndian ? bytes : bytes.reversed()
    }
    func entry(_ tag: Int, _ value: Int, type: Int) -> [UInt8] {
      let size = type == 4 ? 4 : 2
      return number(tag, byteCount: 2) + number(type, byteCount: 2) + number(1, byteCount: 4)
        + number(value, byteCount: size) + [UInt8](repeating: 0, count: 4 - size)
    }
    var data: [UInt8] = isBigEndian ? [0x4D, 0x4D, 0, 42] : [0x49, 0x49, 42, 0]
    data += number(8, byteCount: 4)
    data += number(2, byteCount: 2) + entry(0x0100, 4000, type: 4) + entry(0x0112, orientation, type: type)
    data += number(38, byteCount: 4)
    data += number(1, byteCount: 2) + entry(0x0112, 8, type: 3) + number(0, byteCount: 4)
    return data
  }

  private static func bigEndian(_ value: Int, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (byteCount - 1 - $0))) }
  }
}

@testable import Imaging

/// Small metadata of every kind.
enum MetadataFixture {
  /// A color profile without tags: a header with the length, the color space and the signature, then zeros.
  static func profile(_ colorSpace: String, length: Int = 132) -> [UInt8] {
    var profile = [UInt8](repeating: 0, count: length)
    profile.replaceSubrange(0..<4, with: bigEndian(length, byteCount: 4))
    profile.replaceSubrange(16..<20, with: colorSpace.utf8)
    profile.replaceSubrange(36..<40, with: "acsp".utf8)
    return profile
  }

  /// EXIF data of a picture, with its width (4000) and an orientation.
  ///
  /// - Parameters:
  ///   - type: 3 for 16-bit values, 4 for 32-bit ones.
  ///   - values: Undefined values of more than 4 bytes by their tags, which lie behind the directory.
  ///   - thumbnail: The file in a second directory, which has the orientation 8.
  static func exif(
    orientation: Int, type: Int = 3, isBigEndian: Bool = true, values: [(tag: Int, bytes: [UInt8])] = [],
    thumbnail: [UInt8]? = nil
  ) -> [UInt8] {
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
    data += number(2 + values.count, byteCount: 2)
    data += entry(0x0100, 4000, type: 4) + entry(0x0112, orientation, type: type)
    var end = 8 + 2 + 12 * (2 + values.count) + 4
    for (tag, bytes) in values {
      data += number(tag, byteCount: 2) + number(7, byteCount: 2) + number(bytes.count, byteCount: 4)
      data += number(end, byteCount: 4)
      end += bytes.count
    }
    data += number(thumbnail == nil ? 0 : end, byteCount: 4) + values.flatMap(\.bytes)
    guard let thumbnail else { return data }
    data += number(3, byteCount: 2) + entry(0x0112, 8, type: 3) + entry(0x0201, end + 42, type: 4)
    return data + entry(0x0202, thumbnail.count, type: 4) + number(0, byteCount: 4) + thumbnail
  }

  /// An XMP packet with a title and, on demand, something more in its description.
  static func xmp(_ addition: String = "") -> [UInt8] {
    let packet = """
      <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description \
      xmp:Rating="5"><dc:title>Münster</dc:title>\(addition)</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>
      """
    return [UInt8](packet.utf8)
  }

  private static func bigEndian(_ value: Int, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (byteCount - 1 - $0))) }
  }
}

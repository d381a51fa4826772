/// Metadata in a JPEG file: the resolution in JFIF's segment APP0 (ITU-T T.871), EXIF (CIPA DC-008, section 4.7.2) and
/// XMP (ISO 16684-3) in one segment APP1 each, a color profile in up to 255 segments APP2 (ICC.1:2022, section B.4).
///
/// Thumbnails of JFIF and JFXX, and pictures after the end that a segment `MPF` (CIPA DC-007) lists, are never read.
extension PictureMetadata {
  private static let exifName = [UInt8]("Exif\0\0".utf8)
  private static let xmpName = [UInt8]("http://ns.adobe.com/xap/1.0/\0".utf8)
  private static let profileName = [UInt8]("ICC_PROFILE\0".utf8)
  private static let jfifName = [UInt8]("JFIF\0".utf8)
  /// The maximum number of bytes in a segment without its length field.
  private static let longestContents = 65_533
  /// After the name come the part's number, from 1 on, and the number of parts.
  private static let longestProfilePart = longestContents - profileName.count - 2
  /// Bytes of EXIF data and of XMP that a segment has room for.
  static let longestJPEGExif = longestContents - exifName.count
  static let longestJPEGXMP = longestContents - xmpName.count

  /// The metadata of a file, unchecked; a profile of which parts are missing is left out.
  init(ofJPEG bytes: UnsafeBufferPointer<UInt8>) {
    self.init()
    var parts: [Int: [UInt8]] = [:]
    var partCount = 0
    for segment in JPEGSegments(bytes) {
      let contents = segment.contents
      switch segment.marker {
      case 0xE0 where contents.starts(with: Self.jfifName):
        resolution = resolution ?? Self.resolution(ofJFIF: [UInt8](contents.dropFirst(Self.jfifName.count)))
      case 0xE1 where exif == nil && contents.starts(with: Self.exifName):
        exif = [UInt8](contents.dropFirst(Self.exifName.count))
      case 0xE1 where xmp == nil && contents.starts(with: Self.xmpName):
        xmp = [UInt8](contents.dropFirst(Self.xmpName.count))
      case 0xE2 where contents.starts(with: Self.profileName):
        let part = contents.dropFirst(Self.profileName.count)
        guard let number = part.first, let count = part.dropFirst().first else { continue }
        parts[Int(number)] = [UInt8](part.dropFirst(2))
        partCount = Int(count)
      default:
        if let name = Self.nameOfDropped(segment), !droppedItems.contains(name) { droppedItems.append(name) }
      }
    }
    if let xmp, XMPPacket(xmp)?.describesGainMap ?? false, !droppedItems.contains(Self.gainMap) {
      droppedItems.append(Self.gainMap)
    }
    let ordered = partCount == 0 ? [] : (1...partCount).compactMap { parts[$0] }
    if !ordered.isEmpty, ordered.count == partCount { iccProfile = [UInt8](ordered.joined()) }
  }

  private static let gainMap = "an HDR gain map"

  /// The description of a segment that is dropped though users may miss it.
  private static func nameOfDropped(_ segment: JPEGSegments.Segment) -> String? {
    switch segment.marker {
    case 0xFE: "a comment"
    case 0xE1 where segment.contents.starts(with: "http://ns.adobe.com/xmp/extension/\0".utf8): "extended XMP"
    case 0xE2 where segment.contents.starts(with: "urn:iso:std:iso:ts:21496:-1".utf8): gainMap
    // Captions and authors, as news agencies have them (IPTC), in one of Photoshop's resources.
    case 0xED where segment.contents.starts(with: "Photoshop 3.0\0".utf8): "IPTC data or others of Photoshop's"
    default: nil
    }
  }

  /// - Parameter fields: Two bytes of the version, the unit, and two numbers of 16 bits.
  private static func resolution(ofJFIF fields: [UInt8]) -> Resolution? {
    guard fields.count >= 7, let unit = [Resolution.Unit.none, .inch, .centimeter][safely: Int(fields[2])] else {
      return nil
    }
    return Resolution(
      horizontal: Int(fields[3]) << 8 | Int(fields[4]), vertical: Int(fields[5]) << 8 | Int(fields[6]), unit: unit)
  }

  /// The segments of a file to be written, after JFIF's. What does not fit into a segment is dropped.
  var jpegSegments: [UInt8] {
    var segments: [UInt8] = []
    func append(marker: UInt8, _ contents: [UInt8]) {
      let length = contents.count + 2
      segments += [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + contents
    }
    if let exif, exif.count <= Self.longestJPEGExif { append(marker: 0xE1, Self.exifName + exif) }
    if let xmp, xmp.count <= Self.longestJPEGXMP { append(marker: 0xE1, Self.xmpName + xmp) }
    if let iccProfile {
      let starts = stride(from: 0, to: iccProfile.count, by: Self.longestProfilePart)
      let partCount = starts.underestimatedCount
      for (index, start) in starts.enumerated() {
        let end = min(start + Self.longestProfilePart, iccProfile.count)
        append(marker: 0xE2, Self.profileName + [UInt8(index + 1), UInt8(partCount)] + iccProfile[start..<end])
      }
    }
    return segments
  }
}

extension Array {
  /// The element, or nil if the index is out of bounds.
  fileprivate subscript(safely index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// The segments of a JPEG file before its first scan (ITU-T T.81, section B.1).
struct JPEGSegments: Sequence, IteratorProtocol {
  struct Segment {
    /// The byte after 0xFF, such as 0xE1 for APP1.
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

  /// The next segment; nil also for a truncated one, after which nothing can be parsed.
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

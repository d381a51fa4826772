/// Metadata in a JPEG file: EXIF in one segment APP1 (CIPA DC-008, section 4.7.2), a colour profile in up to 255 segments
/// APP2 (ICC.1:2022, section B.4).
extension PictureMetadata {
  private static let exifName = [UInt8]("Exif\0\0".utf8)
  private static let profileName = [UInt8]("ICC_PROFILE\0".utf8)
  /// Bytes in a segment without its length.
  private static let longestContents = 65_533
  /// Behind the name come the part's number, from 1 on, and the number of parts.
  private static let longestProfilePart = longestContents - profileName.count - 2

  /// What a file holds, unchecked; a profile of which parts are missing is left out.
  init(ofJPEG bytes: UnsafeBufferPointer<UInt8>) {
    var parts: [Int: [UInt8]] = [:]
    var partCount = 0
    for segment in JPEGSegments(bytes) {
      let contents = segment.contents
      if segment.marker == 0xE1, exif == nil, contents.starts(with: Self.exifName) {
        exif = [UInt8](contents.dropFirst(Self.exifName.count))
      } else if segment.marker == 0xE2, contents.starts(with: Self.profileName) {
        let part = contents.dropFirst(Self.profileName.count)
        guard let number = part.first, let count = part.dropFirst().first else { continue }
        parts[Int(number)] = [UInt8](part.dropFirst(2))
        partCount = Int(count)
      }
    }
    let ordered = partCount == 0 ? [] : (1...partCount).compactMap { parts[$0] }
    if !ordered.isEmpty, ordered.count == partCount { iccProfile = [UInt8](ordered.joined()) }
  }

  /// The segments of a file to be written. EXIF data of more than 65 527 bytes does not fit in, and is left out.
  var jpegSegments: [UInt8] {
    var segments: [UInt8] = []
    func append(marker: UInt8, _ contents: [UInt8]) {
      let length = contents.count + 2
      segments += [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + contents
    }
    if let exif, Self.exifName.count + exif.count <= Self.longestContents {
      append(marker: 0xE1, Self.exifName + exif)
    }
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

/// Pictures embedded in metadata, which would show what was removed from a picture.
enum EmbeddedPictures {
  /// The beginning and the end of a JPEG file (ITU-T T.81, table B.1).
  private static let (start, end): ([UInt8], [UInt8]) = ([0xFF, 0xD8, 0xFF], [0xFF, 0xD9])

  /// The bytes with zeros in place of embedded JPEG files, from the first one's beginning to the last one's end.
  static func blanked(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.count >= start.count,
      let first = (bytes.startIndex...bytes.endIndex - start.count).first(where: { bytes[$0...].starts(with: start) })
    else { return bytes }
    let ends = stride(from: bytes.endIndex - end.count, through: first, by: -1)
    let last = ends.first { bytes[$0...].starts(with: end) }.map { $0 + end.count } ?? bytes.endIndex
    return bytes[..<first] + [UInt8](repeating: 0, count: last - first) + bytes[last...]
  }

  /// Beginnings of JPEG, PNG, GIF, WebP and TIFF files in base 64 (RFC 4648, section 4).
  private static let encodedStarts = ["/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR", "SUkqA", "TU0AK"].map {
    [UInt8]($0.utf8)
  }
  /// HEIC and AVIF begin with a length, of which only the last byte is not zero, then `ftyp`.
  private static let (zeros, boxType) = ([UInt8]("AAAA".utf8), [UInt8]("GZ0eX".utf8))
  /// The minimum length of an encoded picture; shorter runs are words.
  private static let shortestEncoded = 64

  /// The text without pictures encoded in base 64; line ends, also as entities, may be among the digits.
  static func removed(fromText text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      if beginsEncoded(text, at: position) {
        let end = endOfEncoded(text, from: position)
        if end - position >= shortestEncoded {
          position = end
          continue
        }
      }
      result.append(text[position])
      position += 1
    }
    return result
  }

  /// True if an encoded file begins here, and not in the midst of a longer word.
  private static func beginsEncoded(_ text: [UInt8], at position: Int) -> Bool {
    if position > 0, isDigit(text[position - 1]) { return false }
    let rest = text[position...]
    return encodedStarts.contains { rest.starts(with: $0) }
      || rest.starts(with: zeros) && rest.dropFirst(zeros.count + 1).starts(with: boxType)
  }

  private static func endOfEncoded(_ text: [UInt8], from start: Int) -> Int {
    var position = start
    while position < text.count {
      if isDigit(text[position]) || text[position] <= 0x20 {
        position += 1
      } else if text[position] == UInt8(ascii: "&"),
        let end = text[position...].prefix(8).firstIndex(of: UInt8(ascii: ";"))
      {
        position = end + 1
      } else {
        break
      }
    }
    return position
  }

  private static func isDigit(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}

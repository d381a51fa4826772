/// An XMP packet, metadata as RDF in XML (ISO 16684-1). It is edited as text, without an XML parser.
struct XMPPacket {
  private let text: [UInt8]

  /// Nil if the bytes are not XML in UTF-8, or too many.
  init?(_ stored: [UInt8]) {
    guard stored.count <= PictureMetadata.maximumItemBytes, stored.contains(UInt8(ascii: "<")), !stored.contains(0),
      String(validating: stored, as: UTF8.self) != nil
    else { return nil }
    text = stored
  }

  /// The packet of an upright picture without other renderings of it: thumbnails (`xmp:Thumbnails`) and other pictures
  /// in base 64 are removed, and so is the name of an extended packet, which is not kept; `tiff:Orientation` is 1.
  ///
  /// Nil if a thumbnail has no end.
  var sanitized: [UInt8]? {
    guard var kept = Self.removingElements(named: "Thumbnails", from: text) else { return nil }
    kept = EmbeddedPictures.removed(fromText: kept)
    kept = Self.changing("xmpNote:HasExtendedXMP", in: kept, to: "")
    return Self.changing("tiff:Orientation", in: kept, to: "1")
  }

  /// True if the packet describes an HDR gain map.
  var describesGainMap: Bool { Self.position(of: "hdrgm:", in: text, from: 0) != nil }

  /// The text without the elements of a local name, whatever their prefix.
  private static func removingElements(named name: String, from text: [UInt8]) -> [UInt8]? {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      if text[position] == UInt8(ascii: "<"), let tag = tagName(text, at: position + 1), localName(tag) == name {
        guard let end = endOfElement(text, from: position, tag: tag) else { return nil }
        position = end
      } else {
        kept.append(text[position])
        position += 1
      }
    }
    return kept
  }

  /// The name of a tag that begins an element; nil for other tags.
  private static func tagName(_ text: [UInt8], at start: Int) -> String? {
    let name = text[start...].prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  private static func localName(_ tag: String) -> String {
    tag.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init) ?? tag
  }

  /// The position after an element; nil if it does not end.
  private static func endOfElement(_ text: [UInt8], from start: Int, tag: String) -> Int? {
    guard let opened = text[start...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
    if text[opened - 1] == UInt8(ascii: "/") { return opened + 1 }
    guard let closing = position(of: "</" + tag, in: text, from: opened) else { return nil }
    return text[closing...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 }
  }

  /// The text with all values of a property replaced, whether it is written as an attribute or as an element.
  private static func changing(_ property: String, in text: [UInt8], to value: String) -> [UInt8] {
    var changed: [UInt8] = []
    changed.reserveCapacity(text.count)
    var copied = 0
    while let found = position(of: property, in: text, from: copied) {
      let end = found + property.utf8.count
      let old = found > 0 && text[found - 1] == UInt8(ascii: "/") ? nil : valueRange(in: text, behindName: end)
      changed += text[copied..<(old?.lowerBound ?? end)]
      if old != nil { changed += value.utf8 }
      copied = old?.upperBound ?? end
    }
    return changed + text[copied...]
  }

  /// The value of a property whose name ends at a position: `="…"` or `>…<`.
  private static func valueRange(in text: [UInt8], behindName end: Int) -> Range<Int>? {
    let rest = text[end...].drop { $0 <= 0x20 }
    guard let first = rest.first else { return nil }
    if first == UInt8(ascii: ">") {
      let value = rest.dropFirst().prefix { $0 != UInt8(ascii: "<") }
      return value.startIndex..<value.endIndex
    }
    guard first == UInt8(ascii: "="), let quote = rest.dropFirst().first(where: { $0 > 0x20 }),
      let opened = rest.firstIndex(of: quote), let closed = rest[(opened + 1)...].firstIndex(of: quote)
    else { return nil }
    return opened + 1..<closed
  }

  private static func position(of word: String, in text: [UInt8], from start: Int) -> Int? {
    let word = [UInt8](word.utf8)
    guard text.count - word.count >= start else { return nil }
    return (start...text.count - word.count).first { text[$0] == word[0] && text[$0...].starts(with: word) }
  }
}

import Testing

@testable import Imaging

struct XMPPacketTests {
  private static func sanitized(_ addition: String) -> String? {
    XMPPacket(MetadataFixture.xmp(addition))?.sanitized.map { String(decoding: $0, as: UTF8.self) }
  }

  private static let plain = String(decoding: MetadataFixture.xmp(), as: UTF8.self)

  @Test func `A packet without renderings is kept as it is`() {
    let addition = "<dc:subject>/9j/ and iVBORw0KGgo are words</dc:subject><a:Thumbnailer>x</a:Thumbnailer>"
    #expect(Self.sanitized("") == Self.plain)
    #expect(Self.sanitized(addition) == String(decoding: MetadataFixture.xmp(addition), as: UTF8.self))
  }

  @Test(arguments: [
    "<xmp:Thumbnails><rdf:Alt><rdf:li>abc</rdf:li></rdf:Alt></xmp:Thumbnails>", "<xap:Thumbnails a='b' />",
    "<Thumbnails>\n</Thumbnails >", "<x:Thumbnails>1</x:Thumbnails><y:Thumbnails>2</y:Thumbnails>",
  ])
  func `Thumbnails are removed, whatever their prefix`(thumbnails: String) {
    #expect(Self.sanitized(thumbnails) == Self.plain)
  }

  @Test func `A thumbnail without an end takes the packet with it`() {
    #expect(Self.sanitized("<xmp:Thumbnails><rdf:Alt>") == nil)
    #expect(XMPPacket([UInt8]("<a><xmp:Thumbnails".utf8))?.sanitized == nil)
  }

  @Test(arguments: ["/9j/", "iVBORw0KGgo", "UklGR", "AAAAGGZ0eX", "R0lGOD"])
  func `Pictures in base 64 are removed from attributes and elements`(start: String) {
    let picture = start + String(repeating: "Ab+/", count: 20) + "&#xA;" + String(repeating: "xyz9\n", count: 20) + "=="
    #expect(
      Self.sanitized("<a GImage:Data=\"\(picture)\"/>")
        == Self.plain.replacing("</rdf:D", with: "<a GImage:Data=\"\"/></rdf:D"))
    #expect(Self.sanitized("<a>\(picture)</a>") == Self.plain.replacing("</rdf:D", with: "<a></a></rdf:D"))
  }

  @Test func `The orientation is that of an upright picture, and no extended packet is promised`() {
    let written = "<d tiff:Orientation=\"6\" xmpNote:HasExtendedXMP = 'AB12'><tiff:Orientation>8</tiff:Orientation></d>"
    let expected = "<d tiff:Orientation=\"1\" xmpNote:HasExtendedXMP = ''><tiff:Orientation>1</tiff:Orientation></d>"
    #expect(Self.sanitized(written) == Self.plain.replacing("</rdf:D", with: expected + "</rdf:D"))
    #expect(Self.sanitized("tiff:Orientation") == Self.plain.replacing("</rdf:D", with: "tiff:Orientation</rdf:D"))
  }

  @Test func `What is no XML in UTF-8 is no packet`() {
    for bytes in [[], [1, 2, 3], [UInt8]("<a>\0</a>".utf8), [0x3C, 0xFF, 0xFE], [UInt8]("text".utf8)] as [[UInt8]] {
      #expect(XMPPacket(bytes) == nil)
    }
  }

  @Test func `A gain map is noticed`() {
    #expect(XMPPacket(MetadataFixture.xmp("<d hdrgm:Version=\"1.0\"/>"))?.describesGainMap == true)
    #expect(XMPPacket(MetadataFixture.xmp())?.describesGainMap == false)
  }
}

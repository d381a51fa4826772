import Testing

@testable import Imaging
@testable import Support

struct LabelMapReadingTests {
  private func read(_ bytes: [UInt8]) throws -> LabelMap {
    try withTemporaryFile(bytes) { try LabelMap(contentsOfFile: $0, classes: .camVid) }
  }

  /// The sentence about a file behind its name.
  private func message(_ bytes: [UInt8]) throws -> String {
    let failure = try #require(throws: Failure.self) { _ = try read(bytes) }
    #expect(failure.kind == .data)
    return String(failure.message.split(separator: ": ", maxSplits: 1).last ?? "")
  }

  private let gray = PNGFile.bytes(width: 3, height: 2, type: 0, samples: [0, 1, 2, 10, 11, 255])

  @Test func `Gray values are ids`() throws {
    #expect(try read(gray).values == [0, 1, 2, 10, 255, 255])
  }

  @Test("Grays and indices of few bits are not scaled", arguments: [0, 3] as [UInt8], [1, 2, 4, 8])
  func bits(type: UInt8, depth: Int) throws {
    let samples = (0..<13 * 11).map { ($0 * $0 + $0 / 13) % min(1 << depth, 11) }
    let palette = (0..<min(1 << depth, 256)).map { RGB(UInt8($0), 1, 2) }
    for isInterlaced in [false, true] {
      let file = PNGFile.bytes(
        width: 13, height: 11, depth: depth, type: type, samples: samples, palette: type == 3 ? palette : [],
        isInterlaced: isInterlaced)
      #expect(try read(file).values == samples.map { UInt8($0) })
    }
  }

  @Test func `Gray with full opacities, and colors with them, are read too`() throws {
    #expect(try read(PNGFile.bytes(width: 2, height: 1, type: 4, samples: [3, 255, 4, 255])).values == [3, 4])
    let colors = [128, 64, 128, 255, 0, 0, 0, 255, 128, 0, 0, 255]
    #expect(try read(PNGFile.bytes(width: 3, height: 1, type: 6, samples: colors)).values == [3, 255, 1])
  }

  @Test func `The orientation turns ids as it turns pictures`() throws {
    // 3x2, grays 0...5.
    #expect(try read(PictureFixture.exifPNG).values == [3, 0, 4, 1, 5, 2])
  }

  @Test func `Files that are no PNG say what they are`() throws {
    let picture = Picture.noise(width: 4, height: 4, channels: 3)
    #expect(
      try message(picture.jpegData())
        == "expected a label map as PNG, found a JPEG picture, which blurs the borders of classes; save it as PNG")
    #expect(try message(picture.webpData()) == "expected a label map as PNG, found a WebP picture; save it as PNG")
    #expect(
      try message(Array("II*\0".utf8) + [8, 0, 0, 0])
        == "expected a label map as PNG, found a TIFF picture; save it as PNG")
    #expect(
      try message([]) == "expected a label map as PNG, found an empty file; copy the picture again, or leave it out")
    #expect(try message(Array("sky road".utf8)) == "expected a label map as PNG, found text; leave it out")
  }

  @Test func `A folder and a missing file are errors`() throws {
    try withTemporaryFolder { folder in
      let asFile = try #require(throws: Failure.self) { _ = try LabelMap(contentsOfFile: folder, classes: .camVid) }
      #expect(asFile.kind == .data && asFile.message == "\(folder): expected a label map as PNG, found a folder")
      let missing = try #require(throws: Failure.self) {
        _ = try LabelMap(contentsOfFile: folder + "/a.png", classes: .camVid)
      }
      #expect(missing.kind == .missingInput)
    }
  }

  @Test func `Damaged files are errors`() throws {
    for length in [8, 20, 33, 45, gray.count - 13] {
      #expect(try message(Array(gray.prefix(length))).contains("cannot be decoded"), "\(length) bytes")
    }
    #expect(try message(PNGFile.bytes(width: 2, height: 1, type: 3, samples: [0, 0])).contains("cannot be decoded"))
    #expect(try message(PictureFixture.hugePNG).contains("a header that claims 30000x30000 pixels"))
  }

  @Test func `16 bits are refused`() throws {
    for type in [0, 2] as [UInt8] {
      let file = PNGFile.bytes(
        width: 1, height: 1, depth: 16, type: type, samples: [1, 1, 1].prefix(type == 0 ? 1 : 3).map { $0 })
      #expect(try message(file) == "expected a label map of at most 8 bits a channel, found 16; save it with 8")
    }
  }

  @Test func `A transparent pixel is an error`() throws {
    let expected = "the pixel at x 1, y 0 is transparent: expected a label map without transparency; flatten it"
    #expect(try message(PNGFile.bytes(width: 2, height: 1, type: 4, samples: [3, 255, 4, 254])) == expected)
    #expect(
      try message(PNGFile.bytes(width: 2, height: 1, type: 6, samples: [128, 0, 0, 255, 128, 0, 0, 0])) == expected)
  }

  @Test func `A remap of the list holds unless another is given`() throws {
    let bytes = PNGFile.bytes(width: 2, height: 1, type: 0, samples: [40, 1])
    let value = try JSONValue(configuration: Array(#"{"40": "Car"}"#.utf8), source: "remap")
    let remap = try LabelRemap(JSONReader(value, source: "remap"), classes: .camVid)
    let classes = LabelClasses(name: "mine", classes: LabelClasses.camVid.classes, remap: remap)
    #expect(try LabelMap(decoding: bytes, name: "a", classes: classes).values == [8, 1])
    #expect(try LabelMap(decoding: bytes, name: "a", classes: .camVid, remap: remap).values == [8, 1])
    #expect(throws: Failure.self) { try LabelMap(decoding: bytes, name: "a", classes: classes, remap: LabelRemap()) }
  }
}

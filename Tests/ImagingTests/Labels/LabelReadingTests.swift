import Testing

@testable import Imaging
@testable import Support

struct LabelReadingTests {
  private func values(_ bytes: [UInt8], _ classes: LabelClasses = .camVid, remap: String = "{}") throws -> [UInt8] {
    let value = try JSONValue(configuration: Array(remap.utf8), source: "remap")
    let remap = try LabelRemap(JSONReader(value, source: "remap"), classes: classes)
    return try LabelMap(decoding: bytes, name: "a.png", classes: classes, remap: remap).values
  }

  private func message(_ bytes: [UInt8], _ classes: LabelClasses = .camVid, remap: String = "{}") throws -> String {
    let failure = try #require(throws: Failure.self) { _ = try values(bytes, classes, remap: remap) }
    #expect(failure.kind == .data)
    return failure.message
  }

  private func indexed(_ samples: [Int], _ palette: [RGB], alphas: [UInt8] = []) -> [UInt8] {
    PNGFile.bytes(width: samples.count, height: 1, type: 3, samples: samples, palette: palette, alphas: alphas)
  }

  private func colored(_ colors: [RGB], width: Int) -> [UInt8] {
    PNGFile.bytes(
      width: width, height: colors.count / width, type: 2,
      samples: colors.flatMap { [Int($0.red), Int($0.green), Int($0.blue)] })
  }

  private let camVid = LabelClasses.camVid.classes.map(\.color)
  /// The first colors of PASCAL VOC's palette.
  private let voc = [
    RGB(0, 0, 0), RGB(128, 0, 0), RGB(0, 128, 0), RGB(128, 128, 0), RGB(0, 0, 128), RGB(128, 0, 128), RGB(0, 128, 128),
    RGB(128, 128, 128), RGB(64, 0, 0), RGB(192, 0, 0), RGB(64, 128, 0), RGB(192, 128, 0),
  ]

  @Test func `A value without a class is named with its position`() throws {
    let file = PNGFile.bytes(width: 3, height: 2, type: 0, samples: [0, 1, 2, 3, 14, 200])
    #expect(
      try message(file)
        == "a.png: the value 14 at x 1, y 1 is no class of camvid, expected 0 to 10, and 11 or 255 for what is ignored; "
        + "2 of 6 pixels have such values, to which a remap can give a class")
    #expect(try values(file, remap: #"{"14": "Car", "200": "ignore", "0": "Road"}"#) == [3, 1, 2, 3, 8, 255])
  }

  @Test func `Every color is one of the palette's`() throws {
    #expect(try values(colored([camVid[4], camVid[0], RGB(0, 0, 0), camVid[4]], width: 2)) == [4, 0, 255, 4])
    #expect(
      try message(colored([camVid[4], camVid[0], RGB(60, 40, 221), RGB(128, 65, 128)], width: 2))
        == "a.png: the color (60, 40, 221) at x 0, y 1 is not in the palette of camvid, expected one like the nearest, "
        + "Pavement, which is (60, 40, 222); 2 of 4 pixels have such colors, and maps must be painted and resized without "
        + "smoothing (antialiasing)")
  }

  @Test func `Ids in three equal channels are told`() throws {
    #expect(
      try message(colored([RGB(3, 3, 3), RGB(4, 4, 4)], width: 2)).hasSuffix(
        "2 of 2 pixels have such colors, and if these are ids, save the map as grayscale"))
  }

  @Test func `A color of two classes decides nothing`() throws {
    let road = RGB(140, 140, 140)
    #expect(
      try message(colored([road], width: 1), .ade150)
        == "a.png: the color (140, 140, 140) at x 0, y 0 is that of road and skyscraper in ade_150; save the map with ids"
    )
    let palette = [RGB(0, 0, 0)] + LabelClasses.ade150.classes.map(\.color)
    #expect(try values(indexed([7, 49, 1], palette), .ade150) == [6, 48, 0])
  }

  @Test func `Indices are ids under the palette of the classes, an unrelated one, or a short one`() throws {
    #expect(try values(indexed([0, 3, 10, 11], camVid + [RGB(0, 0, 0)])) == [0, 3, 10, 255])
    #expect(try values(indexed([0, 1, 3, 7, 11], voc)) == [0, 1, 3, 7, 255])
    #expect(try values(indexed([0, 1, 1], Array(voc.prefix(2)))) == [0, 1, 1])
    #expect(try values(indexed([0, 5, 9], [RGB(9, 9, 9)])) == [0, 5, 9])
  }

  @Test func `The colors of a palette that was sorted tell`() throws {
    let sorted = [camVid[9], RGB(0, 0, 0), camVid[1], camVid[2]]
    #expect(try values(indexed([0, 1, 2, 3, 0], sorted)) == [9, 255, 1, 2, 9])
    // Colors that nobody uses do not matter.
    #expect(try values(indexed([0, 1, 2], sorted + [RGB(1, 2, 3), RGB(3, 2, 1)])) == [9, 255, 1])
  }

  @Test func `A sorted palette with mixed colors is an error`() throws {
    #expect(
      try message(indexed([0, 3, 2], [camVid[9], camVid[3], camVid[1], RGB(130, 60, 120)])).hasPrefix(
        "a.png: the color (130, 60, 120) at x 1, y 0 is not in the palette of camvid, expected one like the nearest, Road"
      ))
    #expect(
      try message(indexed([0, 9], [camVid[9], camVid[3]]))
        == "a.png: expected a color in the file's palette for the index 9 at x 1, y 0, found none")
  }

  @Test func `Transparent colors matter where colors tell`() throws {
    #expect(try values(indexed([0, 1], voc, alphas: [0])) == [0, 1])
    #expect(
      try message(indexed([1, 0], [camVid[9], camVid[3]], alphas: [0]))
        == "a.png: the pixel at x 1, y 0 is transparent, expected a label map without transparency; flatten it")
  }

  @Test func `With a remap indices are ids, and a palette that says otherwise is an error`() throws {
    let swapped = [camVid[1], camVid[0]]
    #expect(try values(indexed([0, 1], swapped)) == [1, 0])
    #expect(try values(indexed([0, 1], swapped), remap: #"{"0": "Sky", "1": "Tree"}"#) == [0, 5])
    #expect(
      try message(indexed([0, 1], swapped), remap: #"{"0": "Sky"}"#)
        == "a.png: the index 1 at x 1, y 0 has the color of Sky in the palette, which is not what the id 1 means, expected "
        + "ids, as there is a remap; save the map as grayscale")
  }
}

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
    let expected = "the pixel at x 1, y 0 is transparent, expected a label map without transparency; flatten it"
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

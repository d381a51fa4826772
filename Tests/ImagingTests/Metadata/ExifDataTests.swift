import Testing

@testable import Imaging

struct ExifDataTests {
  /// Quadrants from the top left: K black, W white, R red, B blue.
  private static let upright = [
    1: "KW/RB", 2: "WK/BR", 3: "BR/WK", 4: "RB/KW", 5: "KR/WB", 6: "RK/BW", 7: "BW/RK", 8: "WB/KR",
  ]

  @Test("A JPEG file is turned upright, in both byte orders", arguments: 1...8)
  func turned(value: Int) throws {
    for original in [PictureFixture.exifLittleEndianJPEG, PictureFixture.exifBigEndianJPEG] {
      var file = original
      let isBigEndian = original == PictureFixture.exifBigEndianJPEG
      file[Self.valuePosition(in: file) + (isBigEndian ? 1 : 0)] = UInt8(value)
      let picture = try Picture(decoding: file, name: "turned")
      #expect((picture.width, picture.height) == (value >= 5 ? (16, 32) : (32, 16)))
      #expect(Self.quadrants(of: picture) == Self.upright[value])
    }
  }

  @Test func `A WebP file is turned upright`() throws {
    let picture = try Picture(decoding: PictureFixture.exifWebP, name: "turned")
    #expect((picture.width, picture.height) == (16, 32))
    #expect(Self.quadrants(of: picture) == Self.upright[6])
  }

  @Test func `Values of 16 and of 32 bits are understood`() throws {
    for type in [3, 4] {
      for isBigEndian in [false, true] {
        let exif = MetadataFixture.exif(orientation: 6, type: type, isBigEndian: isBigEndian)
        #expect(ExifData(exif)?.orientation == .quarterTurn)
      }
    }
  }

  @Test func `A value or a type that does not exist is upright`() {
    for value in [0, 9, 255] {
      #expect(ExifData(MetadataFixture.exif(orientation: value))?.orientation == .upright)
    }
    #expect(ExifData(MetadataFixture.exif(orientation: 6, type: 7))?.orientation == .upright)
  }

  @Test func `The orientation becomes 1 and nothing else changes`() {
    for isBigEndian in [false, true] {
      for type in [3, 4] {
        let exif = MetadataFixture.exif(orientation: 6, type: type, isBigEndian: isBigEndian)
        let expected = MetadataFixture.exif(orientation: 1, type: type, isBigEndian: isBigEndian)
        #expect(ExifData(exif)?.sanitized == expected)
        #expect(ExifData(expected)?.sanitized == expected)
      }
      let strange = MetadataFixture.exif(orientation: 6, type: 1, isBigEndian: isBigEndian)
      #expect(
        ExifData(strange)?.sanitized == MetadataFixture.exif(orientation: 1, isBigEndian: isBigEndian),
        "a type that some readers understand")
    }
  }

  @Test func `A thumbnail is gone with its directory, and all else stays at its place`() {
    for isBigEndian in [false, true] {
      let values: [(Int, [UInt8])] = [(0x9286, [UInt8]("a comment".utf8)), (0x010F, [UInt8]("a maker\0".utf8))]
      let exif = MetadataFixture.exif(
        orientation: 1, isBigEndian: isBigEndian, values: values, thumbnail: [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 0xFF, 0xD9])
      let expected = MetadataFixture.exif(orientation: 1, isBigEndian: isBigEndian, values: values)
      #expect(ExifData(exif)?.sanitized == expected)
      #expect(ExifData(expected)?.sanitized == expected)
      // What nothing leads to is no metadata.
      #expect(ExifData(expected + [1, 2, 3])?.sanitized == expected)
    }
  }

  @Test func `Entries that lead to other renderings are taken out`() throws {
    let comment: (Int, [UInt8]) = (0x9286, [UInt8]("a comment".utf8))
    for tag in [0x0111, 0x014A, 0x0201, 0x02BC, 0x8649, 0x501B] {
      let secret = [UInt8]("secret pixels".utf8)
      let sanitized = try #require(
        ExifData(MetadataFixture.exif(orientation: 1, values: [comment, (tag, secret)]))?.sanitized)
      #expect(!sanitized.contains(sequence: secret), "tag \(tag)")
      #expect(sanitized.contains(sequence: comment.1))
      #expect(Array(sanitized[8..<10]) == [0, 3], "one entry fewer")
      #expect(ExifData(sanitized)?.sanitized == sanitized)
    }
  }

  @Test func `A preview in a maker's note is blanked, the rest of the note stays`() {
    let preview: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 9, 9, 0xFF, 0xD9, 8, 0xFF, 0xD9]
    func exif(_ middle: [UInt8]) -> [UInt8] {
      MetadataFixture.exif(orientation: 1, values: [(0x927C, [1, 2, 3, 4] + middle + [5, 6])])
    }
    #expect(ExifData(exif(preview))?.sanitized == exif([UInt8](repeating: 0, count: preview.count)))
    let cut = ExifData(exif(preview.filter { $0 != 0xD9 }))?.sanitized
    #expect(cut?.suffix(15) == [1, 2, 3, 4] + [UInt8](repeating: 0, count: 11), "a preview without an end")
  }

  @Test func `Inner directories are kept with their values, and a circle of them ends`() throws {
    // At 50 the EXIF directory, with an interoperability directory that is the first one again.
    var data: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 50, 0, 0, 0, 0]
    data += [UInt8](repeating: 0xEE, count: 50 - data.count)
    data += [0, 2, 0xA0, 0x05, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0x92, 0x7C, 0, 7, 0, 0, 0, 5, 0, 0, 0, 80, 0, 0, 0, 0]
    data += [1, 2, 3, 4, 5]
    let sanitized = try #require(ExifData(data)?.sanitized)
    var expected = data
    for position in 26..<50 { expected[position] = 0 }
    #expect(sanitized == expected)
  }

  @Test func `Values that share bytes over and over are refused`() {
    var data: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 60]
    for _ in 0..<60 { data += [0x92, 0x86, 0, 7, 0, 0, 1, 0, 0, 0, 0, 100] }
    #expect(ExifData(data + [0, 0, 0, 0])?.sanitized == nil)
  }

  @Test func `A resolution makes EXIF data of its own`() throws {
    let resolution = try #require(Resolution(horizontal: 300, vertical: 150, unit: .inch))
    let exif = ExifData.describing(resolution)
    #expect(ExifData(exif)?.hasResolution == true && ExifData(exif)?.sanitized == exif)
    #expect(exif.contains(sequence: [0, 0, 1, 0x2C, 0, 0, 0, 1, 0, 0, 0, 150, 0, 0, 0, 1]))
    #expect(ExifData(MetadataFixture.exif(orientation: 1))?.hasResolution == false)
  }

  @Test func `The name that JPEG puts in front is dropped`() {
    let exif = MetadataFixture.exif(orientation: 1)
    #expect(ExifData([UInt8]("Exif\0\0".utf8) + exif)?.sanitized == exif)
  }

  @Test func `Data without a whole directory is none`() {
    let exif = MetadataFixture.exif(orientation: 6)
    // The first directory ends in front of the place of the second.
    for length in 0..<34 { #expect(ExifData(Array(exif.prefix(length))) == nil, "\(length) bytes") }
    #expect(ExifData(Array(exif.prefix(34)))?.orientation == .quarterTurn)
    #expect(ExifData([0x4D, 0x4D, 0, 42, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    #expect(ExifData([0x4D, 0x4D, 0, 43] + exif.dropFirst(4)) == nil)
  }

  /// Behind tag, type and count of the orientation, in either byte order.
  private static func valuePosition(in file: [UInt8]) -> Int {
    let entries: [[UInt8]] = [[0x12, 0x01, 3, 0, 1, 0, 0, 0], [0x01, 0x12, 0, 3, 0, 0, 0, 1]]
    return (0..<file.count - 8).first { entries.contains(Array(file[$0..<$0 + 8])) }! + 8
  }

  private static func quadrants(of picture: Picture) -> String {
    func name(_ x: Int, _ y: Int) -> String {
      switch picture.pixel(x * picture.width / 4, y * picture.height / 4).map({ $0 > 127 }) {
      case [false, false, false]: "K"
      case [true, true, true]: "W"
      case [true, false, false]: "R"
      case [false, false, true]: "B"
      default: "?"
      }
    }
    return name(1, 1) + name(3, 1) + "/" + name(1, 3) + name(3, 3)
  }
}

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
        #expect(ExifData(exif)?.upright == expected)
        #expect(ExifData(expected)?.upright == expected)
      }
      let strange = MetadataFixture.exif(orientation: 6, type: 1, isBigEndian: isBigEndian)
      #expect(
        ExifData(strange)?.upright == MetadataFixture.exif(orientation: 1, isBigEndian: isBigEndian),
        "a type that some readers understand")
    }
  }

  @Test func `The name that JPEG puts in front is dropped`() {
    let exif = MetadataFixture.exif(orientation: 1)
    #expect(ExifData([UInt8]("Exif\0\0".utf8) + exif)?.upright == exif)
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

import Tensors
import Testing

@testable import Imaging

struct ExifOrientationTests {
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

  @Test func `A value that does not exist is upright`() {
    for value in [0, 9, 255] as [UInt8] {
      var file = PictureFixture.exifLittleEndianJPEG
      file[Self.valuePosition(in: file)] = value
      #expect(file.withUnsafeBufferPointer { Orientation(ofJPEG: $0) } == .upright)
    }
  }

  @Test func `Segments that were cut or lie about their length are upright`() {
    let file = PictureFixture.exifBigEndianJPEG
    let end = Self.valuePosition(in: file) + 8
    for length in 0..<end {
      #expect(Array(file.prefix(length)).withUnsafeBufferPointer { Orientation(ofJPEG: $0) } == .upright)
    }
    var lying = file
    let segment = Self.valuePosition(in: file) - 40
    #expect(Array(lying[segment..<segment + 2]) == [0xFF, 0xE1])
    lying[segment + 2] = 0xFF
    #expect(lying.withUnsafeBufferPointer { Orientation(ofJPEG: $0) } == .upright)
  }

  @Test func `Directories far outside are upright`() {
    let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(tiff.withUnsafeBufferPointer { Orientation(ofTIFF: $0) } == .upright)
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

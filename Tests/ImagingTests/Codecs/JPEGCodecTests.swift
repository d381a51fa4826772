import Testing

@testable import Imaging
@testable import Support

struct JPEGDecoderTests {
  @Test func `Inks of a CMYK file become colors`() throws {
    let picture = try Picture(decoding: PictureFixture.cmykJPEG, name: "cmyk")
    #expect((picture.width, picture.height, picture.channels) == (16, 8, 3))
    #expect(isClose(picture.pixel(0, 0), [255, 0, 0]))
    // 155 is what black leaves; magenta halves green.
    #expect(isClose(picture.pixel(15, 7), [155, 77, 155]))
  }

  @Test func `Without Adobe's marker inks are inverted as with it`() throws {
    var file = PictureFixture.cmykJPEG
    #expect(Array(file[2..<6]) == [0xFF, 0xEE, 0, 14])
    let marked = try Picture(decoding: file, name: "cmyk")
    file.removeSubrange(2..<18)
    #expect(try Picture(decoding: file, name: "cmyk") == marked)
  }

  @Test func `A progressive file takes memory for its coefficients, others take none`() throws {
    func extraBytes(_ file: [UInt8]) throws -> Int {
      try file.withUnsafeBufferPointer { try JPEGDecoder($0).extraBytes }
    }
    #expect(try extraBytes(Picture.noise(width: 40, height: 30, channels: 3).jpegData()) == 0)
    // Three channels of two bytes a coefficient, at least.
    #expect(try extraBytes(PictureFixture.progressiveJPEG) >= 16 * 16 * 3 * 2)
    #expect(try extraBytes(PictureFixture.cmykJPEG) >= 16 * 8)
  }

  @Test func `A progressive file is decoded to its last scan`() throws {
    let picture = try Picture(decoding: PictureFixture.progressiveJPEG, name: "progressive")
    for y in 0..<16 {
      for x in 0..<16 {
        let expected = [16 * x, 16 * y, 8 * (x + y)].map { UInt8($0) }
        #expect(isClose(picture.pixel(x, y), expected, within: 7), "at (\(x), \(y))")
      }
    }
  }

  @Test func `A gray file becomes RGB`() throws {
    let gray = Picture(width: 3, height: 2, filledWith: [77])
    let picture = try Picture(decoding: gray.jpegData(), name: "gray")
    #expect(picture == gray.rgb())
    #expect(try Picture(decoding: gray.jpegData(), name: "gray", keepsGray: true) == gray)
  }

  @Test(arguments: [2, 40, 500])
  func `A file that was cut short is an error`(missing: Int) throws {
    let file = try Picture.noise(width: 40, height: 30, channels: 3).jpegData()
    #expect(throws: Failure.self) { try Picture(decoding: Array(file.prefix(file.count - missing)), name: "cut") }
    #expect(throws: Never.self) { try Picture(decoding: file + [1, 2, 3], name: "whole, with a tail") }
  }

  @Test func `What cameras and scanners do wrong without losing a pixel is passed over`() throws {
    let picture = Picture.noise(width: 40, height: 30, channels: 3)
    let file = try picture.jpegData()
    let expected = try Picture(decoding: file, name: "right")
    var (tooManyBytes, beforeTheEnd, version, selection, secondScan) = (file, file, file, file, file)
    let jfifEnd = 4 + Int(file[5])
    tooManyBytes.insert(contentsOf: [0, 7, 0xFF, 0, 9], at: jfifEnd)
    beforeTheEnd.insert(contentsOf: [UInt8](repeating: 0x5A, count: 3000), at: file.count - 2)
    version[11] = 7
    let scan = try #require((0..<file.count - 1).first { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
    // Behind the number of components and two bytes for each.
    selection[scan + 4 + 1 + 6 + 1] = 0
    let header = file[scan..<scan + 2 + Int(file[scan + 3])]
    secondScan.insert(contentsOf: header + [1, 2, 3], at: file.count - 2)
    let wrongFiles = [
      "bytes before a segment": tooManyBytes, "bytes before the end": beforeTheEnd, "unknown version": version,
      "wrong selection": selection,
    ]
    for (name, wrong) in wrongFiles.sorted(by: { $0.key < $1.key }) {
      #expect(wrong != file)
      #expect(try Picture(decoding: wrong, name: name) == expected, "\(name)")
      // A missing end is found nevertheless.
      for missing in [2, 400] {
        #expect(throws: Failure.self, "\(name), cut") {
          try Picture(decoding: Array(wrong.prefix(wrong.count - missing)), name: name)
        }
      }
    }
    #expect(try Picture(decoding: secondScan, name: "a second scan behind the picture") == expected)
  }

  @Test func `Lost pixels are an error`() throws {
    let file = try Picture.noise(width: 40, height: 30, channels: 3).jpegData()
    // An end mark in the middle of the pixels, and one in place of their last quarter.
    for position in [file.count * 3 / 4, file.count * 9 / 10] {
      #expect(throws: Failure.self) { try Picture(decoding: file[..<position] + [0xFF, 0xD9], name: "lost") }
    }
  }

  @Test func `A file of too many scans is refused`() throws {
    let picture = try Picture(decoding: Self.graySquare(scanCount: 400), name: "400 scans")
    #expect(picture == Picture(width: 8, height: 8, filledWith: [128, 128, 128]))
    let failure = try #require(throws: Failure.self) {
      try Picture(decoding: Self.graySquare(scanCount: 505), name: "505 scans")
    }
    #expect(failure.message.contains("scans"))
  }

  /// A progressive file of 8x8 gray pixels, each of whose scans adds one bit, always zero, of one coefficient.
  private static func graySquare(scanCount: Int) -> [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8]
    func append(_ marker: UInt8, _ contents: [UInt8]) {
      file += [0xFF, marker, 0, UInt8(contents.count + 2)] + contents
    }
    append(0xDB, [0] + [UInt8](repeating: 1, count: 64))
    append(0xC2, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])
    // Huffman tables of one code of one bit, which means nothing more in this block.
    for table in [0x00, 0x10] as [UInt8] { append(0xC4, [table, 1] + [UInt8](repeating: 0, count: 16)) }
    var scans: [(coefficient: UInt8, bit: UInt8)] = [(0, 0)]
    for coefficient in 1...63 as ClosedRange<UInt8> {
      for bit in [0x07, 0x76, 0x65, 0x54, 0x43, 0x32, 0x21, 0x10] as [UInt8] { scans.append((coefficient, bit)) }
    }
    for scan in scans.prefix(scanCount) {
      append(0xDA, [1, 1, 0, scan.coefficient, scan.coefficient, scan.bit])
      file.append(0x7F)
    }
    return file + [0xFF, 0xD9]
  }
}

private func isClose(_ pixel: [UInt8], _ expected: [UInt8], within tolerance: Int = 2) -> Bool {
  zip(pixel, expected).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
}

struct JPEGEncodingTests {
  @Test("A smooth picture comes back nearly unchanged", arguments: [1, 3])
  func roundTrip(channels: Int) throws {
    let pixels = (0..<32 * 32 * channels).map { UInt8(($0 / channels % 32) * 4 + ($0 % channels) * 30) }
    let picture = Picture(width: 32, height: 32, channels: channels, pixels: pixels)
    let decoded = try Picture(decoding: picture.jpegData(quality: 98), name: "written")
    let differences = zip(decoded.pixels, picture.rgb().pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max()! <= 4)
  }

  @Test func `A lower quality makes a smaller file`() throws {
    let picture = Picture.noise(width: 64, height: 64, channels: 3)
    let sizes = try [20, 60, 95].map { try picture.jpegData(quality: $0).count }
    #expect(sizes == sizes.sorted())
    #expect(sizes[0] < sizes[2] / 2)
  }

  @Test func `A side that JPEG cannot hold is refused`() throws {
    let picture = Picture(width: 65_501, height: 1, filledWith: [0])
    let failure = try #require(throws: Failure.self) { try picture.jpegData() }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("65501x1"))
  }
}

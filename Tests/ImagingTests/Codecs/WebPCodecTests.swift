import Testing

@testable import Imaging
@testable import Support

struct WebPDecoderTests {
  private static let picture = Picture.noise(width: 40, height: 30, channels: 3)

  @Test func `A file cut anywhere is an error`() throws {
    for quality in [nil, 80] {
      let file = try Self.picture.webpData(quality: quality)
      for length in Array(12..<60) + Array(stride(from: 60, to: file.count, by: 97)) + [file.count - 1] {
        let failure = try #require(throws: Failure.self, "\(length) bytes") {
          try Picture(decoding: Array(file.prefix(length)), name: "cut")
        }
        #expect(failure.kind == .data)
      }
    }
  }

  @Test func `Bytes behind the end are passed over`() throws {
    let file = try Self.picture.webpData()
    #expect(try Picture(decoding: file + [1, 2, 3], name: "whole, with a tail") == Self.picture)
    var picture = Self.picture
    picture.metadata.exif = MetadataFixture.exif(orientation: 1)
    let extended = try picture.webpData()
    #expect(try Picture(decoding: extended + [UInt8]("VP8 junk".utf8), name: "whole, with a tail") == picture)
  }

  @Test func `An animation is refused with a sentence`() throws {
    let failure = try #require(throws: Failure.self) {
      try withTemporaryFile(PictureFixture.animatedWebP) { try Picture(contentsOfFile: $0) }
    }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("it is an animation"))
    #expect(failure.message.hasSuffix("save one of its frames as a picture, or leave it out"))
  }

  @Test func `A claim of 268 megapixels is refused before anything is decoded`() throws {
    var file = try Picture(width: 1, height: 1, filledWith: [1, 2, 3]).webpData()
    // Behind the names and the signature byte: twice 14 bits, sides less one.
    file.replaceSubrange(21..<25, with: [0xFE, 0xFF | 0xBF, 0xFF, file[24] | 0x0F])
    let failure = try #require(throws: Failure.self) { try Picture(decoding: file, name: "huge") }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("1 pixel to 100 megapixels"))
  }

  @Test func `A file that promises EXIF data and has none is upright`() throws {
    var file = PictureFixture.exifWebP
    let start = file.count - 34
    #expect(Array(file[start..<start + 4]) == [UInt8]("EXIF".utf8))
    file.replaceSubrange(start..<start + 4, with: "JUNK".utf8)
    let picture = try Picture(decoding: file, name: "promising")
    #expect((picture.width, picture.height) == (32, 16))
    #expect(picture.metadata == PictureMetadata())
  }

  @Test func `An EXIF chunk that lies about its length is dropped`() throws {
    var file = PictureFixture.exifWebP
    file[file.count - 34 + 4] = 200
    let picture = try Picture(decoding: file, name: "lying")
    #expect((picture.width, picture.height) == (32, 16))
    #expect(picture.metadata == PictureMetadata())
  }
}

struct WebPEncodingTests {
  @Test("A picture comes back from its WebP file unchanged", arguments: [1, 3], [false, true])
  func roundTrip(channels: Int, hasAlpha: Bool) throws {
    var picture = Picture.noise(width: 13, height: 7, channels: channels, hasAlpha: hasAlpha)
    // Colors that are not to be seen are kept too.
    if hasAlpha { picture.alpha![5] = 0 }
    let decoded = try Picture(decoding: picture.webpData(), name: "written")
    #expect(decoded == picture.rgb())
  }

  @Test func `A lower quality makes a smaller file, and opacities stay as they are`() throws {
    let picture = Picture.noise(width: 64, height: 64, channels: 3, hasAlpha: true)
    let files = try [10, 60, 95].map { try picture.webpData(quality: $0) }
    #expect(files.map(\.count) == files.map(\.count).sorted())
    #expect(try files[0].count < picture.webpData().count)
    for file in files { #expect(try Picture(decoding: file, name: "lossy").alpha == picture.alpha) }
  }

  @Test func `A smooth picture survives a high quality nearly unchanged`() throws {
    let ramp = (0..<32).flatMap { [UInt8](repeating: UInt8(30 + 4 * $0), count: 3) }
    let pixels = (0..<32).flatMap { _ in ramp }
    let picture = Picture(width: 32, height: 32, channels: 3, pixels: pixels)
    let decoded = try Picture(decoding: picture.webpData(quality: 98), name: "written")
    let differences = zip(decoded.pixels, pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.max()! <= 4)
  }

  @Test func `A side that WebP cannot hold is refused`() throws {
    let failure = try #require(throws: Failure.self) {
      try Picture(width: 16_384, height: 1, filledWith: [0]).webpData()
    }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("16384x1"))
    #expect(throws: Never.self) { try Picture(width: 16_383, height: 1, filledWith: [0]).webpData() }
  }
}

import CImageCodecs
import Foundation
import Testing

@testable import Imaging
@testable import Support

struct PNGDecoderTests {
  @Test func `16 bits are rounded to 8`() throws {
    let picture = try Picture(decoding: PictureFixture.gray16PNG, name: "16 bits").gray()
    // 0x0180 is 1.49 and 0xFF7E is 254.496; the upper bytes alone would be 1 and 255.
    #expect(picture.pixels == [0, 127, 128, 1, 254, 255])
    #expect(picture.alpha == nil)
  }

  @Test func `A palette becomes colors and opacities`() throws {
    let picture = try Picture(decoding: PictureFixture.palettePNG, name: "palette")
    #expect(picture.pixels == [255, 0, 0, 0, 255, 0, 0, 0, 255])
    #expect(picture.alpha == [255, 128, 0])
  }

  @Test func `A transparent color becomes opacities`() throws {
    let picture = try Picture(decoding: PictureFixture.transparentColorPNG, name: "transparent color")
    #expect(picture.pixels == [10, 20, 30, 10, 20, 31])
    #expect(picture.alpha == [0, 255])
  }

  @Test func `One bit becomes black and white`() throws {
    let picture = try Picture(decoding: PictureFixture.bilevelPNG, name: "bilevel").gray()
    #expect(picture.pixels == [1, 0, 1, 1, 0, 0, 1, 0, 1].map { $0 * 255 })
  }

  @Test func `Gray files keep their one channel on demand, others have three`() throws {
    func channels(_ file: [UInt8]) throws -> Int { try Picture(decoding: file, name: "file", keepsGray: true).channels }
    let deep = try Picture(decoding: PictureFixture.gray16PNG, name: "16 bits", keepsGray: true)
    #expect(deep.channels == 1 && deep.pixels == [0, 127, 128, 1, 254, 255])
    let bilevel = try Picture(decoding: PictureFixture.bilevelPNG, name: "bilevel", keepsGray: true)
    #expect(bilevel.channels == 1 && bilevel.pixels == [1, 0, 1, 1, 0, 0, 1, 0, 1].map { $0 * 255 })
    for hasAlpha in [false, true] {
      let gray = Picture.noise(width: 9, height: 5, channels: 1, hasAlpha: hasAlpha)
      #expect(try Picture(decoding: gray.pngData(), name: "gray", keepsGray: true) == gray)
    }
    #expect(try channels(PictureFixture.palettePNG) == 3)
    #expect(try channels(PictureFixture.transparentColorPNG) == 3)
    #expect(try channels(Picture.noise(width: 9, height: 5, channels: 3).webpData()) == 3)
  }

  @Test func `A transparent gray becomes opacities beside one channel`() throws {
    let gray = Picture(width: 3, height: 1, channels: 1, pixels: [5, 6, 7])
    let file = try inserting(pngChunk("tRNS", [0, 6]), into: gray.pngData())
    let picture = try Picture(decoding: file, name: "transparent", keepsGray: true)
    #expect(picture.pixels == [5, 6, 7] && picture.alpha == [255, 0, 255])
  }

  @Test func `Interlaced rows with opacities are put in order`() throws {
    // The first pixel's color is transparent.
    let file = inserting(pngChunk("tRNS", [0, 0, 0, 1, 0, 2]), into: PictureFixture.interlacedPNG)
    let picture = try Picture(decoding: file, name: "interlaced")
    #expect(picture.pixels == [UInt8](0..<75))
    #expect(picture.alpha == [0] + [UInt8](repeating: 255, count: 24))
  }

  @Test func `Interlaced rows are put in order`() throws {
    let picture = try Picture(decoding: PictureFixture.interlacedPNG, name: "interlaced")
    #expect(picture.pixels == [UInt8](0..<75))
  }

  @Test func `EXIF turns the picture`() throws {
    let picture = try Picture(decoding: PictureFixture.exifPNG, name: "turned").gray()
    #expect((picture.width, picture.height) == (2, 3))
    #expect(picture.pixels == [3, 0, 4, 1, 5, 2])
  }

  @Test func `Damaged metadata is dropped`() throws {
    let picture = Picture.noise(width: 4, height: 3, channels: 3)
    let exif = MetadataFixture.exif(orientation: 6)
    let chunks = [
      pngChunk("eXIf", [1, 2, 3]), pngChunk("eXIf", [UInt8](exif.prefix(20))), pngChunk("iCCP", [65, 0, 0, 1, 2, 3]),
      pngChunk("eXIf", exif).dropLast() + [0],
    ]
    for chunk in chunks {
      #expect(try Picture(decoding: inserting(chunk, into: picture.pngData()), name: "damaged") == picture)
    }
  }

  @Test func `EXIF data behind the pixels is kept, but turns nothing, as headers are read without it`() throws {
    var picture = Picture.noise(width: 4, height: 3, channels: 3)
    let chunk = pngChunk("eXIf", MetadataFixture.exif(orientation: 6))
    let file = try inserting(chunk, into: picture.pngData(), isBehindPixels: true)
    picture.metadata.exif = MetadataFixture.exif(orientation: 1)
    #expect(try Picture(decoding: file, name: "late") == picture)
  }

  @Test func `Every flipped bit of the pixel data is noticed`() throws {
    let file = try Picture.noise(width: 4, height: 4, channels: 3).pngData()
    // Signature, header chunk, then length and name of the data; its checksum and the end chunk behind.
    for position in 41..<file.count - 12 {
      var damaged = file
      damaged[position] ^= 0x10
      #expect(throws: Failure.self, "byte \(position)") { try Picture(decoding: damaged, name: "damaged") }
    }
  }

  @Test func `A file cut anywhere is an error`() throws {
    let file = try Picture.noise(width: 4, height: 4, channels: 1).pngData()
    // The end mark itself is needed, its checksum is not.
    for length in 8..<file.count - 4 {
      #expect(throws: Failure.self, "\(length) bytes") {
        try Picture(decoding: Array(file.prefix(length)), name: "cut")
      }
    }
  }

  @Test func `Packed text that unpacks to too much is refused, a little text is not`() throws {
    #expect(throws: Never.self) { try Picture(decoding: Self.file(textLength: 1 << 20), name: "text") }
    #expect(throws: Failure.self) { try Picture(decoding: Self.file(textLength: 40 << 20), name: "text") }
  }

  /// One black pixel and a packed text.
  private static func file(textLength: Int) throws -> [UInt8] {
    let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue))
    defer { spng_ctx_free(context) }
    spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1)
    var header = spng_ihdr()
    (header.width, header.height, header.bit_depth) = (1, 1, 8)
    spng_set_ihdr(context, &header)
    var letters = [CChar](repeating: 97, count: textLength)
    letters.append(0)
    let result = letters.withUnsafeMutableBufferPointer { letters in
      var text = spng_text()
      text.type = Int32(SPNG_ZTXT.rawValue)
      text.keyword.0 = 97
      text.text = letters.baseAddress
      text.length = textLength
      return spng_set_text(context, &text, 1)
        + spng_encode_image(
          context, [0] as [UInt8], 1, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
    }
    #expect(result == 0)
    var (length, error) = (0, Int32(0))
    let bytes = try #require(spng_get_png_buffer(context, &length, &error))
    defer { free(bytes) }
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
  }
}

struct PNGRepairTests {
  private static let picture = Picture.noise(width: 4, height: 3, channels: 3)

  @Test("EXIF chunks without contents are passed over", arguments: [false, true])
  func emptyExif(isBehindPixels: Bool) throws {
    let empty = pngChunk("eXIf", [])
    let file = try inserting(empty + empty, into: Self.picture.pngData(), isBehindPixels: isBehindPixels)
    #expect(try Picture(decoding: file, name: "empty") == Self.picture)
    let header = try withTemporaryFile(file) { try PictureHeader(ofFile: $0) }
    #expect((header.width, header.height) == (4, 3))
  }

  @Test func `A file that was cut, or lies about a length, is left as it is`() throws {
    let file = try inserting(pngChunk("eXIf", []), into: Self.picture.pngData())
    func repaired(_ file: [UInt8]) -> [UInt8] {
      file.withUnsafeBufferPointer { bytes in
        let repair = PNGRepair(bytes)
        return withExtendedLifetime(repair) { [UInt8](repair.bytes) }
      }
    }
    #expect(try repaired(file) == Self.picture.pngData())
    for length in 8..<45 { #expect(repaired(Array(file.prefix(length))) == Array(file.prefix(length))) }
    var lying = file
    lying.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(repaired(lying) == lying)
  }
}

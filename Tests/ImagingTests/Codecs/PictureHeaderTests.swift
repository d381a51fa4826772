import Testing

@testable import Imaging
@testable import Support

struct PictureHeaderTests {
  @Test func `The header has the size that the picture will have`() throws {
    for file in [
      PictureFixture.exifBigEndianJPEG, PictureFixture.exifPNG, PictureFixture.progressiveJPEG, PictureFixture.exifWebP,
    ] {
      let (header, picture) = try withTemporaryFile(file) {
        (try PictureHeader(ofFile: $0), try Picture(contentsOfFile: $0))
      }
      #expect((header.width, header.height) == (picture.width, picture.height))
    }
  }

  @Test func `A turned file has width and height exchanged`() throws {
    let header = try withTemporaryFile(PictureFixture.exifLittleEndianJPEG) { try PictureHeader(ofFile: $0) }
    #expect(header.format == .jpeg)
    #expect((header.width, header.height) == (16, 32))
  }

  @Test func `Pixels are not needed`() throws {
    let file = try Picture.noise(width: 90, height: 70, channels: 3).pngData()
    let header = try withTemporaryFile([UInt8](file.prefix(60))) { try PictureHeader(ofFile: $0) }
    #expect((header.format, header.width, header.height) == (.png, 90, 70))
  }

  @Test func `Metadata longer than the first read is no obstacle`() throws {
    var file = try Picture.noise(width: 9, height: 7, channels: 3).jpegData()
    let profile: [UInt8] = [0xFF, 0xE2, 0xF0, 0x00] + [UInt8](repeating: 7, count: 0xF000 - 2)
    for _ in 0..<12 { file.insert(contentsOf: profile, at: 2) }
    let header = try withTemporaryFile(file) { try PictureHeader(ofFile: $0) }
    #expect((header.width, header.height) == (9, 7))
  }

  @Test func `A WebP file's EXIF data is looked for behind the pixels`() throws {
    var picture = Picture.noise(width: 200, height: 190, channels: 3)
    picture.metadata.exif = MetadataFixture.exif(orientation: 1)
    let file = try PictureFormat.webp.file(
      of: picture, replacing: MetadataFixture.exif(orientation: 1), by: MetadataFixture.exif(orientation: 6))
    #expect(file.count > PictureFile.usualHeaderLength)
    let header = try withTemporaryFile(file) { try PictureHeader(ofFile: $0) }
    #expect((header.width, header.height) == (190, 200))
    picture.metadata = PictureMetadata()
    let start = try [UInt8](picture.webpData().prefix(60))
    let plain = try withTemporaryFile(start) { try PictureHeader(ofFile: $0) }
    #expect((plain.width, plain.height) == (200, 190), "without EXIF data the start is enough")
  }

  @Test func `The depth of a channel is told, that of a palette's indices is not`() throws {
    let depths = try [
      PictureFixture.gray16PNG, PictureFixture.bilevelPNG, PictureFixture.palettePNG, PictureFixture.exifPNG,
      PictureFixture.cmykJPEG, PictureFixture.exifWebP,
    ].map { file in try withTemporaryFile(file) { try PictureHeader(ofFile: $0).bitsPerSample } }
    #expect(depths == [16, 1, 8, 8, 8, 8])
  }

  @Test func `Inks are told from colors`() throws {
    let areInks = try [PictureFixture.cmykJPEG, PictureFixture.exifLittleEndianJPEG, PictureFixture.gray16PNG].map {
      file in try withTemporaryFile(file) { try PictureHeader(ofFile: $0).isCMYK }
    }
    #expect(areInks == [true, false, false])
  }

  @Test func `A claim of 900 megapixels is refused with the size`() throws {
    let failure = try #require(throws: Failure.self) {
      try withTemporaryFile(PictureFixture.hugePNG) { try PictureHeader(ofFile: $0) }
    }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("1 pixel to 100 megapixels"))
    #expect(failure.message.contains("30000x30000"))
  }

  @Test func `The limit is a parameter, and exact`() throws {
    let header = try withTemporaryFile(PictureFixture.hugePNG) { try PictureHeader(ofFile: $0, maxMegapixels: 900) }
    #expect((header.width, header.height) == (30_000, 30_000))
    #expect(throws: Failure.self) {
      try withTemporaryFile(PictureFixture.hugePNG) { try PictureHeader(ofFile: $0, maxMegapixels: 899) }
    }
    let failure = try #require(throws: Failure.self) {
      try withTemporaryFile(PictureFixture.hugePNG) { try Picture(contentsOfFile: $0, maxMegapixels: 899) }
    }
    #expect(failure.message.contains("1 pixel to 899 megapixels"))
  }

  @Test func `Reading takes the picture, and the file or a turned copy, whichever is more`() throws {
    let gray = try withTemporaryFile(Picture.noise(width: 10, height: 20, channels: 1, hasAlpha: true).pngData()) {
      try PictureHeader(ofFile: $0)
    }
    #expect(gray.isGray && gray.hasAlpha)
    #expect(gray.pictureBytes() == 800 && gray.pictureBytes(keepsGray: true) == 400)
    #expect(gray.readingBytes(keepsGray: true, fileBytes: 50) == 450)
    let turned = try withTemporaryFile(PictureFixture.exifLittleEndianJPEG) { try PictureHeader(ofFile: $0) }
    #expect(!turned.isGray && !turned.hasAlpha)
    #expect(turned.readingBytes(fileBytes: 50) == 2 * 16 * 32 * 3)
  }

  @Test(arguments: [3, 4, 20, 150])
  func `A JPEG file cut within its header is damaged, not empty`(length: Int) throws {
    let start = [UInt8](PictureFixture.progressiveJPEG.prefix(length))
    let failure = try #require(throws: Failure.self) {
      try withTemporaryFile(start) { try PictureHeader(ofFile: $0) }
    }
    #expect(failure.kind == .data)
    #expect(failure.message.contains("the JPEG picture cannot be decoded"))
  }
}

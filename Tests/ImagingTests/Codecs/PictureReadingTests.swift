import Testing

@testable import Imaging
@testable import Support

struct PictureReadingTests {
  @Test func `A gray file is read as RGB, and a hole picture by its brightness`() throws {
    let gray = Picture.noise(width: 6, height: 5, channels: 1, hasAlpha: true)
    try withTemporaryFile(gray.pngData()) { path in
      let picture = try Picture(contentsOfFile: path)
      #expect(picture.channels == 3)
      #expect(picture == gray.rgb())
      #expect(try Hole(contentsOfFile: path) == Hole(gray))
      #expect(try Hole(contentsOfFile: path).values == gray.pixels.map { $0 >= 128 ? 1 : 0 })
    }
  }

  @Test func `CodecError is reported with the file's name`() throws {
    var file = try Picture.noise(width: 30, height: 30, channels: 3).jpegData()
    file.removeLast(200)
    let failure = try #require(throws: Failure.self) { try Picture(decoding: file, name: "folder/cat.jpg") }
    #expect(failure.kind == .data)
    #expect(failure.message.hasPrefix("folder/cat.jpg: the JPEG picture cannot be decoded (Premature end"))
  }

  @Test("Files with random damage are decoded or refused, never fatal", arguments: 0..<4)
  func randomDamage(seed: UInt64) throws {
    var picture = Picture.noise(width: 9, height: 5, channels: 3, hasAlpha: true)
    picture.metadata = PictureMetadata(
      iccProfile: MetadataFixture.profile("RGB "), exif: MetadataFixture.exif(orientation: 1))
    let written = try PictureFormat.allCases.map { try $0.file(of: picture) }
    let files =
      written + [
        PictureFixture.cmykJPEG, PictureFixture.progressiveJPEG, PictureFixture.exifLittleEndianJPEG,
        PictureFixture.palettePNG, PictureFixture.interlacedPNG, PictureFixture.exifPNG, PictureFixture.exifWebP,
      ]
    for (index, original) in files.enumerated() {
      for trial in 0..<50 {
        var random = RandomStream(seed: seed, purpose: "damage", step: index, sample: trial)
        var file = original
        if random.chance(0.3) { file.removeLast(random.integer(in: 0..<file.count)) }
        for _ in 0..<random.integer(in: 1...6) where !file.isEmpty {
          file[random.integer(in: 0..<file.count)] = UInt8(random.integer(in: 0...255))
        }
        do {
          let picture = try Picture(decoding: file, name: "damaged")
          #expect(picture.channels == 3)
        } catch {
          #expect((error as? Failure)?.kind == .data)
        }
      }
    }
  }
}

struct PictureFormatTests {
  @Test func `Formats are recognized by content`() throws {
    #expect(try PictureFormat(recognizing: PictureFixture.cmykJPEG, name: "holiday.png") == .jpeg)
    #expect(try PictureFormat(recognizing: PictureFixture.gray16PNG, name: "holiday.jpg") == .png)
    #expect(try PictureFormat(recognizing: PictureFixture.exifWebP, name: "holiday.jpg") == .webp)
  }

  @Test(
    "Other contents are named in the error",
    arguments: [
      ("RIFF\0\0\0\0WAVEfmt ", "an unknown format"), ("GIF89a", "a GIF picture"), ("BM\0\0", "a BMP picture"),
      ("\0\0\0\u{18}ftypheic", "a HEIC picture"), ("II*\0", "a TIFF picture"),
      ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"), ("once upon a time", "text"),
      ("", "an empty file"), ("\0\0\0\0", "nothing but zeros"), ("\u{1}\u{2}", "an unknown format"),
    ])
  func foreignContent(content: String, description: String) throws {
    let failure = try #require(throws: Failure.self) {
      try PictureFormat(recognizing: [UInt8](content.utf8), name: "folder/cat")
    }
    #expect(failure.kind == .data)
    #expect(failure.message.hasPrefix("folder/cat: expected a JPEG, PNG or WebP picture, found \(description); "))
  }
}

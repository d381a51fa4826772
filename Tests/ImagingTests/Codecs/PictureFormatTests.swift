import Testing

@testable import Imaging
@testable import Support

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

import Foundation
import Testing

@testable import Imaging
@testable import Support

struct PictureFileTests {
  @Test func `Reading stops where it was asked to and goes on from there`() throws {
    let content = (0..<100).map { UInt8($0) }
    try withTemporaryFile(content) { path in
      var file = try PictureFile(path: path)
      try file.read(upTo: 30)
      let (start, isWhole) = (file.bytes, file.isComplete)
      #expect(start == [UInt8](content.prefix(30)))
      #expect(!isWhole)
      try file.readToEnd()
      let (all, isWholeNow) = (file.bytes, file.isComplete)
      #expect(all == content)
      #expect(isWholeNow)
    }
  }

  @Test(arguments: ["/nonexistent/cat.png", "/dev/null/cat.png", "/dev/null\0.png"])
  func `A file that does not exist is missing input`(path: String) throws {
    let failure = try #require(throws: Failure.self) { try Picture(contentsOfFile: path) }
    #expect(failure.kind == .missingInput)
    #expect(failure.message.hasPrefix(path))
  }

  @Test func `A folder cannot be read`() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let failure = try #require(throws: Failure.self) { try PictureHeader(ofFile: folder) }
    #expect(failure.kind == .inputOutput)
    #expect(failure.message.contains("Is a directory"))
  }
}

struct FileContentTests {
  private static func other(_ text: String) -> FileContent.Other? {
    if case .other(let other) = FileContent(of: [UInt8](text.utf8)) { return other }
    return nil
  }

  @Test func `Pictures are told by their first bytes`() throws {
    for format in PictureFormat.allCases {
      let start = try format.file(of: .noise(width: 3, height: 2, channels: 3)).prefix(FileContent.recognizedLength)
      #expect(FileContent(of: [UInt8](start)) == .picture(format))
    }
  }

  @Test(
    "Each content has its own advice",
    arguments: [
      ("", "copy the picture again"), ("version https://git-lfs.github.com/spec/v1\n", "\"git lfs pull\""),
      ("GIF89a", "convert it"), ("once upon", "leave it out"), ("<!DOCTYPE html><html>", "download the picture again"),
      ("\0\0\0\0", "copy the picture again"), ("PK\u{3}\u{4}", "unpack it"), ("\u{1}\u{2}", "convert it"),
    ])
  func advice(text: String, advice: String) throws {
    #expect(try #require(Self.other(text)).advice.contains(advice))
  }

  @Test(arguments: [
    ("GIF87a", "GIF"), ("BM1234", "BMP"), ("MM\0*", "TIFF"), ("\0\0\0\u{1C}ftypavif", "AVIF"),
    ("\0\0\0\u{1C}ftypmif1", "HEIC"), ("\0\0\0\u{C}JXL ", "JPEG XL"), ("8BPS", "PSD"),
    ("P6\n4 2\n255\n", "PPM"), ("P5\n# scan\n", "PGM"), ("\0\0\u{1}\0\u{2}", "ICO"), ("DDS |", "DDS"),
  ])
  func `Pictures of other kinds have a name`(text: String, kind: String) {
    #expect(Self.other(text)?.pictureKind == kind)
  }

  @Test(arguments: ["", "text", "%PDF-1.7", "\0\0\0\u{1C}ftypisom", "<html>"])
  func `Other things are no pictures`(text: String) {
    #expect(Self.other(text) != nil && Self.other(text)?.pictureKind == nil)
  }
}

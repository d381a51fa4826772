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

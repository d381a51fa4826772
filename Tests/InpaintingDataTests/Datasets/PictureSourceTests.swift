import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct PictureSourceTests {
  @Test func `Folders, lists and the built-in pictures are recognized`() throws {
    let folder = try TemporaryFolder()
    let list = try folder.write("a.png", to: "train.FLIST")
    #expect(try PictureSource("procedural") == .builtIn(.objects))
    #expect(try PictureSource("procedural_landscapes") == .builtIn(.landscapes))
    #expect(try PictureSource(folder.path) == .folder(folder.path))
    #expect(try PictureSource(list) == .list(list))
  }

  @Test func `What does not exist is missing input`() throws {
    let found = try failure { try PictureSource("no/such/folder") }
    #expect(found.kind == .missingInput && found.message.contains("no/such/folder"))
    #expect(try failure { try PictureSource.folder("no/such/folder").listing() }.kind == .missingInput)
    #expect(try failure { try PictureSource.list("no/such.txt").listing() }.kind == .missingInput)
  }

  @Test func `A file that is no list is refused`() throws {
    let folder = try TemporaryFolder()
    let picture = try folder.writePicture(value: 1, to: "a.png")
    #expect(try failure { try PictureSource(picture) }.kind == .data)
  }
}

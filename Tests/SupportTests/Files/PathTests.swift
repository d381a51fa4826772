import TestSupport
import Testing

@testable import Support

@Suite struct PathTests {
  @Test(arguments: [("a", "."), ("/a", "/"), ("a/b", "a"), ("/a/b/c", "/a/b"), ("é/ü", "é")])
  func `the folder of a path`(path: String, parent: String) {
    #expect(Path.parent(of: path) == parent)
  }

  @Test func `a link that leads nowhere is there only if it is not followed`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.replaceLink(at: folder.file("link"), destination: "nothing")
    #expect(!Path.exists(folder.file("link")) && Path.existsUnfollowed(folder.file("link")))
    #expect(Path.linkTarget(at: folder.file("link")) == "nothing")
    #expect(try Path.destination(of: folder.file("link")) == folder.file("nothing"))
    #expect(Path.place(of: folder.file("missing/file")) == nil)
  }

  @Test func `a path is inside a folder whose name it does not merely begin with`() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "ab"] { try FileWriter.createFolder(folder.file(name)) }
    for name in ["a/b.png", "ab/c.png"] { try FileWriter.writeAtomically("", to: folder.file(name)) }
    #expect(Path.isInside(folder.file("a/b.png"), folder: folder.file("a")))
    #expect(!Path.isInside(folder.file("ab/c.png"), folder: folder.file("a")))
  }
}

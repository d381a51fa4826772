import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct ListFileTests {
  @Test func `Lines are paths relative to the list, whatever the line ends`() throws {
    let folder = try TemporaryFolder()
    let absolute = try folder.write("", to: "elsewhere/c.png")
    try folder.write("", to: "lists/a b.png")
    try folder.write("", to: "b.png")
    let list = try folder.write(
      "\u{feff}a b.png\r\n\r\n# a comment\r\n  ../b.png  \n\n\(absolute)", to: "lists/train.flist")
    let files = try PictureSource(list).listing().pictures
    #expect(files.map(\.name) == ["a b.png", "../b.png", absolute])
    #expect(files.map(\.path) == [folder.path + "/lists/a b.png", folder.path + "/lists/../b.png", absolute])
  }

  @Test func `Columns are separated by tabs, or by blanks where the line is no file`() throws {
    let folder = try TemporaryFolder()
    for name in ["a b.png", "c.png"] { try folder.write("", to: name) }
    let list = try folder.write("a b.png\tlines/a.png\t/maps/a.png\na b.png\nc.png lines/c.png\n", to: "train.txt")
    let files = try PictureSource(list).listing().pictures
    #expect(files.map(\.name) == ["a b.png", "c.png"])
    #expect(files.map(\.columns) == [[folder.file("lines/a.png"), "/maps/a.png"], [folder.file("lines/c.png")]])
  }

  @Test func `A picture that several lines name counts once, however they spell it, and that is said`() throws {
    let folder = try TemporaryFolder()
    for name in ["lists/a.png", "lists/b.png", "c.png"] { try folder.write("", to: name) }
    let lines = ["a.png", "./a.png", "b.png", "../lists/b.png", "\(folder.path)/lists//a.png", "../c.png", "a.png"]
    let list = try folder.write(lines.joined(separator: "\n"), to: "lists/train.txt")
    let listing = try PictureSource(list).listing()
    #expect(listing.pictures.map(\.name) == ["a.png", "b.png", "../c.png"])
    #expect(
      listing.remarks == [
        "\(list): 4 lines name pictures that an earlier line names (line 2 is line 1 again; repeated: 2, 4, 5, 7); each "
          + "counts once."
      ])
    #expect(try PictureSource(folder.write("a.png\nb.png", to: "lists/once.txt")).listing().remarks.isEmpty)
  }

  @Test func `A line whose file is missing is named by its number`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "a.png")
    let list = try folder.write("# first\na.png\n\nb.png\n", to: "train.txt")
    let found = try failure { try PictureSource(list).listing() }
    #expect(found.kind == .missingInput)
    #expect(found.message.contains("train.txt, line 4") && found.message.contains("b.png"))
  }

  @Test func `Of many missing lines the first ten are named, with the count`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "a.png")
    func message(_ missing: Int) throws -> String {
      let lines = ["a.png"] + (1...missing).map { "gone/\($0).png" }
      return try failure { try PictureSource(folder.write(lines.joined(separator: "\n"), to: "train.txt")).listing() }
        .message
    }
    let few = try message(2)
    #expect(few.contains("train.txt: 2 of 3 pictures do not exist: line 2 "))
    #expect(few.contains("gone/1.png, line 3 ") && few.contains("gone/2.png; paths"))
    let many = try message(12)
    #expect(many.contains("12 of 13 pictures") && many.contains("gone/10.png and 2 more; paths"))
    #expect(!many.contains("gone/11.png"))
  }

  @Test func `A line's bytes are the file's name, whatever the encoding`() throws {
    let folder = try TemporaryFolder()
    let name = String(pathBytes: [0xE9, 0x2E, 0x70, 0x6E, 0x67])
    try FileWriter.writeAtomically("", to: folder.file(name))
    let list = try folder.write([0xE9, 0x2E, 0x70, 0x6E, 0x67, 0x0D, 0x0A], to: "train.txt")
    #expect(try PictureSource(list).listing().pictures.map(\.path) == [folder.file(name)])
    try folder.write([0xE8, 0x2E, 0x70, 0x6E, 0x67], to: "train.txt")
    let found = try failure { try PictureSource(list).listing() }
    #expect(found.kind == .missingInput && found.line().contains("/\\xE8.png"))
  }

  @Test func `A list of nothing, of other bytes or of folders is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "sub/a.png")
    for bytes in [Array("# nothing\n\n".utf8), [0xff, 0xfe, 0x61, 0], Array("sub\n".utf8)] {
      let list = try folder.write(bytes, to: "train.txt")
      #expect(try failure { try PictureSource(list).listing() }.kind == .data)
    }
  }
}

import Glibc
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

@Suite struct PathBytesTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `what is UTF-8 stays as it is`() {
    for text in ["", "a/b.png", "é", "e\u{301}", "日本", "🏞️", "\u{10FFFD}", "\u{FFFD}", "\u{10F77F}\u{10F800}"] {
      #expect(String(pathBytes: bytes(text)).hasSameBytes(as: text))
      #expect(text.pathBytes == bytes(text) && text.showingPathBytes.hasSameBytes(as: text))
    }
  }

  @Test func `other bytes come back, and people see their numbers`() {
    let name: [UInt8] = bytes("caf") + [0xE9] + bytes(".jpg")
    let string = String(pathBytes: name)
    #expect(string.pathBytes == name)
    #expect(string.showingPathBytes == "caf\\xE9.jpg")
    #expect(string.hasSuffix(".jpg") && string.hasPrefix("caf"))
    // A start without its end, an end without a start, half of a surrogate pair, and too long a form of a slash.
    for odd: [UInt8] in [
      [0xC3], [0xA9, 0x61], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF5, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ] {
      let string = String(pathBytes: odd)
      #expect(string.pathBytes == odd)
      #expect(!string.utf8.contains(UInt8(ascii: "/")))
      let shown = odd.map { $0 < 0x80 ? String(Unicode.Scalar($0)) : "\\x" + String($0, radix: 16, uppercase: true) }
      #expect(string.showingPathBytes == shown.joined())
    }
  }

  @Test func `names that hold the private scalars themselves are told from carried bytes`() {
    for byte in UInt32(0x80)...0xFF {
      let scalar = String(Unicode.Scalar(0x10F700 + byte)!)
      let own = String(pathBytes: bytes(scalar))
      let carried = String(pathBytes: [UInt8(byte)])
      #expect(own.pathBytes == bytes(scalar) && carried.pathBytes == [UInt8(byte)])
      #expect(own != carried && carried == scalar)
    }
  }

  @Test func `each sequence of bytes has one string, which gives it back`() {
    var random = RandomStream(seed: 7, purpose: "names")
    // Bytes of which sequences are often nearly right.
    let pool: [UInt8] = [
      0x41, 0x2F, 0x80, 0x9E, 0x9F, 0xA9, 0xBF, 0xC3, 0xE9, 0xED, 0xF4, 0x8F, 0xFF, 0xF0, 0xE2, 0x82,
    ]
    var seen: [String: [UInt8]] = [:]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...8, using: &random)
      let sequence = (0..<count).map { _ in pool[Int.random(in: 0..<pool.count, using: &random)] }
      let string = String(pathBytes: sequence)
      #expect(string.pathBytes == sequence)
      #expect(seen[string] == nil || seen[string] == sequence)
      seen[string] = sequence
    }
  }

  @Test func `the system gets the bytes with a zero behind them`() {
    for name: [UInt8] in [bytes("plain"), [0x61, 0xE9, 0x62], []] {
      let received = String(pathBytes: name).withPathBytes {
        Array(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
      }
      #expect(received == name)
    }
  }

  @Test func `files and folders of such names are made, listed, replaced and removed`() throws {
    let folder = try TemporaryFolder()
    let (inner, name) = (String(pathBytes: [0x64, 0xFC]), String(pathBytes: [0xE9, 0x2E, 0x74]))
    let path = folder.file(inner + "/" + name)
    try FileWriter.createFolder(folder.file(inner))
    try FileWriter.createFolder(folder.file(inner))
    try FileWriter.writeAtomically("one", to: path)
    try FileWriter.writeAtomically("two", to: path)
    #expect(try FileReader.read(path) == bytes("two"))
    #expect(try FileReader.names(in: folder.path) == [inner])
    #expect(try FileReader.names(in: folder.file(inner)) == [name])
    try FileWriter.replaceLink(at: folder.file(inner + "/l"), destination: name)
    #expect(try FileReader.read(folder.file(inner + "/l")) == bytes("two"))
    #expect(Path.exists(path) && !Path.isFolder(path) && Path.isFolder(folder.file(inner)))
    #expect(Path.resolved(folder.file(inner + "/l"))?.hasSuffix("/" + inner + "/" + name) == true)
    #expect(!Path.exists(folder.file("d\u{FC}")) && Path.resolved(folder.file("d\u{FC}")) == nil)
    try AppendingFile(path).append(line: "")
    #expect(try FileReader.read(path) == bytes("two\n"))
    #expect(try FileWriter.sweepTemporaries(in: folder.file(inner)) == 0)
    for name in [name, "l"] { try FileWriter.remove(folder.file(inner + "/" + name)) }
    #expect(try FileReader.names(in: folder.file(inner)).isEmpty)
    let failure = #expect(throws: Failure.self) { try FileReader.read(path) }
    #expect(failure?.line().hasSuffix("/d\\xFC/\\xE9.t: cannot read it (No such file or directory).") == true)
  }

  @Test func `lines and the status show the bytes' numbers`() {
    let name = String(pathBytes: [0xE9])
    let output = ConsoleTests.output(isTerminal: true) { console in
      console.show(status: name)
      console.warn(name + " is odd")
    }
    #expect(output.contains("\\xE9") && output.contains("warning: \\xE9 is odd\n") && !output.contains(name))
  }
}

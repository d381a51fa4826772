import Foundation
import TestSupport
import Testing

@testable import Support

struct FileReaderTests {
  @Test func `the start of a file is as long as asked, or the whole file`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("abcdef", to: folder.file("a"))
    #expect(try FileReader.start(of: folder.file("a"), count: 4) == Array("abcd".utf8))
    #expect(try FileReader.start(of: folder.file("a"), count: 40) == Array("abcdef".utf8))
    #expect(FileReader.size(of: folder.file("a")) == 6 && FileReader.size(of: folder.file("none")) == 0)
    #expect(throws: Failure.self) { try FileReader.start(of: folder.file("none"), count: 4) }
  }

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 3_000_001])
  func `files of every size are read whole`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try FileWriter.writeAtomically(bytes, to: folder.file("f"))
    #expect(try FileReader.read(folder.file("f")) == bytes)
    #expect(try FileReader.read(folder.file("f"), limit: count) == bytes)
    if count > 0 {
      #expect(
        throws: Failure(.data, "\(folder.file("f")): expected at most \(count - 1) bytes, found more")
      ) {
        try FileReader.read(folder.file("f"), limit: count - 1)
      }
    }
  }

  @Test func `a device without end stops at the limit`() {
    #expect(throws: Failure.self) { try FileReader.read("/dev/zero", limit: 2_000_000) }
  }

  @Test func `files whose size is not known are read`() throws {
    #expect(try !FileReader.read("/proc/self/status").isEmpty)
  }

  @Test func `missing files and folders are told apart`() {
    let path = folder.file("none")
    #expect(throws: Failure(.missingInput, "\(path): cannot read it (No such file or directory)")) {
      try FileReader.read(path)
    }
    #expect(throws: Failure(.inputOutput, "\(folder.path): cannot read it (Is a directory)")) {
      try FileReader.read(folder.path)
    }
    #expect(throws: Failure.self) { try FileReader.read("") }
    #expect(throws: Failure(.missingInput, "\(path): cannot read it (No such file or directory)")) {
      try FileReader.names(in: path)
    }
  }

  @Test func `names are sorted by their bytes`() throws {
    for name in ["b", "a", "B", "é", "a10", "a2", ".x"] { try FileWriter.writeAtomically("", to: folder.file(name)) }
    #expect(try FileReader.names(in: folder.path) == [".x", "B", "a", "a10", "a2", "b", "é"])
  }

  @Test func `a configuration is read from its file`() throws {
    try FileWriter.writeAtomically("{ // x\n \"a\": 1 }", to: folder.file("c.json"))
    #expect(try JSONValue(configurationAt: folder.file("c.json")) == ["a": 1])
    try FileWriter.writeAtomically("{\n x }", to: folder.file("c.json"))
    #expect(
      throws: Failure(.configuration, "\(folder.file("c.json")):2:2: expected a key in double quotes, found `x`")
    ) { try JSONValue(configurationAt: folder.file("c.json")) }
  }
}

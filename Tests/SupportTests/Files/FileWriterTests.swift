import Foundation
import TestSupport
import Testing

@testable import Support

struct FileWriterTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `a file is made, and replaced, and nothing is left beside it`() throws {
    try FileWriter.writeAtomically("one", to: folder.file("a.txt"))
    try FileWriter.writeAtomically("two", to: folder.file("a.txt"))
    #expect(try folder.text(of: "a.txt") == "two")
    #expect(folder.names == ["a.txt"])
  }

  @Test func `the old file stays when writing fails`() throws {
    struct Stop: Error {}
    try FileWriter.writeAtomically("old", to: folder.file("a"))
    #expect(throws: Stop.self) {
      try FileWriter.writeAtomically(to: folder.file("a")) { stream in
        try stream.write([1, 2, 3])
        throw Stop()
      }
    }
    #expect(try folder.text(of: "a") == "old")
    #expect(folder.names == ["a"])
  }

  @Test func `until the end the path holds the old file`() throws {
    try FileWriter.writeAtomically("old", to: folder.file("a"))
    try FileWriter.writeAtomically(to: folder.file("a")) { stream in
      try stream.write(Array("new".utf8))
      #expect(try folder.text(of: "a") == "old")
    }
    #expect(try folder.text(of: "a") == "new")
  }

  @Test func `large pieces are written whole`() throws {
    let piece = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0) }
    try FileWriter.writeAtomically(to: folder.file("large")) { stream in
      for _ in 0..<5 { try piece.withUnsafeBytes { try stream.write($0) } }
    }
    let bytes = try FileReader.read(folder.file("large"))
    #expect(bytes.count == 5 * piece.count)
    #expect(bytes.suffix(piece.count) == piece[...])
  }

  @Test func `failures give the path and the reason`() throws {
    let path = folder.file("missing/a")
    #expect(throws: Failure(.inputOutput, "\(path): cannot write it (No such file or directory)")) {
      try FileWriter.writeAtomically("x", to: path)
    }
    try FileWriter.createFolder(folder.file("folder"))
    #expect(throws: Failure(.inputOutput, "\(folder.file("folder")): cannot write it (Is a directory)")) {
      try FileWriter.writeAtomically("x", to: folder.file("folder"))
    }
    #expect(folder.names == ["folder"])
  }

  @Test func `paths that no file can have are refused`() {
    #expect(throws: Failure.self) { try FileWriter.writeAtomically("x", to: "") }
    #expect(throws: Failure.self) { try FileWriter.writeAtomically("x", to: folder.file("a\0b")) }
    #expect(throws: Failure.self) { try FileWriter.createFolder(folder.file("a\0b")) }
    #expect(throws: Failure.self) { try FileWriter.replaceLink(at: folder.file("a\0b"), destination: "x") }
    #expect(throws: Failure.self) { try FileWriter.remove(folder.file("a\0b")) }
    #expect(throws: Failure.self) { try FileWriter.createFolder("") }
    #expect(folder.names.isEmpty)
  }

  @Test func `links are made and replaced in one step`() throws {
    let link = folder.file("latest")
    try FileWriter.replaceLink(at: link, destination: "step-1")
    try FileWriter.replaceLink(at: link, destination: "step-2")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "step-2")
    #expect(folder.names == ["latest"])
    try FileWriter.createFolder(folder.file("real"))
    #expect(throws: Failure.self) { try FileWriter.replaceLink(at: folder.file("real"), destination: "x") }
    #expect(folder.names == ["latest", "real"])
  }

  @Test(arguments: [0o600, 0o640, 0o444, 0o755])
  func `a file that is replaced passes its permissions on`(mode: Int) throws {
    let path = folder.file("a")
    try FileWriter.writeAtomically("old", to: path)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    try FileWriter.writeAtomically("new", to: path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
    #expect(try FileReader.read(path) == Array("new".utf8))
  }

  @Test func `while a private file is replaced, nobody else may read the new one`() throws {
    let path = folder.file("a")
    try FileWriter.writeAtomically("old", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try FileWriter.writeAtomically(to: path) { _ in
      for name in folder.names {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
    }
  }

  @Test func `a link stays, and what it leads to is replaced or made`() throws {
    let files = FileManager.default
    try FileWriter.createFolder(folder.file("elsewhere"))
    try FileWriter.writeAtomically("old", to: folder.file("elsewhere/file"))
    try files.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "elsewhere/file")
    try files.createSymbolicLink(atPath: folder.file("second"), withDestinationPath: folder.file("link"))
    try files.createSymbolicLink(atPath: folder.file("dangling"), withDestinationPath: "elsewhere/made")
    try FileWriter.writeAtomically("new", to: folder.file("second"))
    try FileWriter.writeAtomically("made", to: folder.file("dangling"))
    #expect(try folder.text(of: "elsewhere/file") == "new" && folder.text(of: "elsewhere/made") == "made")
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("link")) == "elsewhere/file")
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("second")) == folder.file("link"))
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("dangling")) == "elsewhere/made")
    #expect(try files.contentsOfDirectory(atPath: folder.file("elsewhere")).sorted() == ["file", "made"])
  }

  @Test func `links that lead nowhere or in a circle are failures`() throws {
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.file("a"), withDestinationPath: "b")
    try files.createSymbolicLink(atPath: folder.file("b"), withDestinationPath: "a")
    try files.createSymbolicLink(atPath: folder.file("far"), withDestinationPath: "missing/file")
    #expect(
      throws: Failure(.inputOutput, "\(folder.file("a")): cannot write it (Too many levels of symbolic links)")
    ) { try FileWriter.writeAtomically("x", to: folder.file("a")) }
    #expect(throws: Failure(.inputOutput, "\(folder.file("far")): cannot write it (No such file or directory)")) {
      try FileWriter.writeAtomically("x", to: folder.file("far"))
    }
    #expect(folder.names == ["a", "b", "far"])
  }

  @Test func `folders are made with those they are in`() throws {
    try FileWriter.createFolder(folder.file("a/b//c/"))
    try FileWriter.createFolder(folder.file("a/b/c"))
    var isFolder: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: folder.file("a/b/c"), isDirectory: &isFolder) && isFolder.boolValue)
    try FileWriter.writeAtomically("x", to: folder.file("f"))
    #expect(
      throws: Failure(.inputOutput, "\(folder.file("f/g")): cannot make the folder, as \(folder.file("f")) is a file")
    ) { try FileWriter.createFolder(folder.file("f/g")) }
  }

  @Test func `removing is no failure when there is nothing`() throws {
    try FileWriter.writeAtomically("x", to: folder.file("f"))
    try FileWriter.remove(folder.file("f"))
    try FileWriter.remove(folder.file("f"))
    #expect(folder.names.isEmpty)
    #expect(throws: Failure.self) { try FileWriter.remove(folder.path) }
  }
}

struct TemporaryNameTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `names do not repeat and stay in the folder`() throws {
    let first = try TemporaryName.next(besides: folder.file("a"))
    try Data().write(to: URL(fileURLWithPath: first))
    let second = try TemporaryName.next(besides: folder.file("a"))
    #expect(first != second)
    #expect(first.hasPrefix(folder.path + "/"))
    #expect(TemporaryName.matches(String(first.dropFirst(folder.path.count + 1))))
    #expect(try TemporaryName.next(besides: "a").hasPrefix("./"))
  }

  @Test func `sweeping removes what crashes left, and nothing else`() throws {
    let keep = [
      "a.txt", ".partial-", ".partial-1", ".partial-1-x", ".partial-1-2-3", ".partial-1-2.txt", "partial-1-2",
    ]
    for name in keep + [".partial-1-2", ".partial-999999-17"] {
      try Data([1]).write(to: URL(fileURLWithPath: folder.file(name)))
    }
    try FileManager.default.createSymbolicLink(atPath: folder.file(".partial-5-5"), withDestinationPath: "nowhere")
    try FileManager.default.createDirectory(atPath: folder.file(".partial-7-7"), withIntermediateDirectories: false)
    #expect(try FileWriter.sweepTemporaries(in: folder.path) == 3)
    #expect(folder.names == (keep + [".partial-7-7"]).sorted())
  }

  @Test func `a file that is being written is not swept`() throws {
    try FileWriter.writeAtomically(to: folder.file("a")) { stream in
      try stream.write([1])
      #expect(try FileWriter.sweepTemporaries(in: folder.path) == 0)
      #expect(folder.names.count == 1)
    }
    #expect(folder.names == ["a"])
  }

  @Test func `sweeping a folder that is not there is a failure`() {
    #expect(throws: Failure.self) { try FileWriter.sweepTemporaries(in: folder.file("none")) }
  }
}

struct AppendingFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `lines are there as soon as they are appended`() throws {
    let log = try AppendingFile(folder.file("log"))
    try log.append(line: "one")
    #expect(try folder.text(of: "log") == "one\n")
    try AppendingFile(folder.file("log")).append(line: "é")
    try log.append(line: "three")
    try log.synchronize()
    #expect(try folder.text(of: "log") == "one\né\nthree\n")
  }

  @Test func `what was cut off is written over`() throws {
    let log = try AppendingFile(folder.file("log"))
    try log.append(line: "one")
    try log.append(line: "two")
    try folder.cut("log", to: 4)
    try log.append(line: "three")
    #expect(try folder.text(of: "log") == "one\nthree\n")
  }

  @Test func `a new file must be new`() throws {
    _ = try AppendingFile(folder.file("log"), mustBeNew: true)
    #expect(throws: Failure(.exists, "\(folder.file("log")): cannot write it (File exists)")) {
      try AppendingFile(folder.file("log"), mustBeNew: true)
    }
  }

  @Test func `a full disk is a failure with advice`() throws {
    let full = try AppendingFile("/dev/full")
    #expect(
      throws: Failure(
        .inputOutput, "/dev/full: cannot write it (No space left on device); make room on that disk and try again")
    ) { try full.append(line: "x") }
  }

  @Test func `many threads append whole lines`() throws {
    let line = String(repeating: "x", count: 10_000)
    let path = folder.file("log")
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      let log = try? AppendingFile(path)
      for _ in 0..<20 { try? log?.append(line: line + String(index)) }
    }
    let lines = try folder.text(of: "log").split(separator: "\n")
    #expect(lines.count == 160 && lines.allSatisfy { $0.count == 10_001 })
  }
}

import Foundation
import TestSupport
import Testing

@testable import Support

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

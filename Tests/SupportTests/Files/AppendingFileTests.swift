import Foundation
import TestSupport
import Testing

@testable import Support

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
    #expect(throws: Failure(.exists, "cannot write \(folder.file("log")): File exists")) {
      try AppendingFile(folder.file("log"), mustBeNew: true)
    }
  }

  @Test func `a full disk is a failure with advice`() throws {
    let full = try AppendingFile("/dev/full")
    #expect(
      throws: Failure(
        .inputOutput, "cannot write /dev/full: No space left on device; make room on that disk and try again")
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

import Foundation
import TestSupport
import Testing

@testable import Support

struct ConsoleTests {
  /// The text that reaches the other end of a pipe.
  static func output(isTerminal: Bool, _ body: (Console) -> Void) -> String {
    let pipe = Pipe()
    body(Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: isTerminal))
    try? pipe.fileHandleForWriting.close()
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test func `lines are written above the status line`() {
    let output = ConsoleTests.output(isTerminal: true) { console in
      console.show(status: "10%")
      console.warn("hot")
      console.show(status: "")
      console.write(line: "done")
    }
    #expect(output == "\r\u{1B}[K10%\r\u{1B}[Kwarning: hot\n10%\r\u{1B}[Kdone\n")
  }

  @Test func `the same status is not drawn twice`() {
    let output = ConsoleTests.output(isTerminal: true) { console in
      console.show(status: "10%")
      console.show(status: "10%")
    }
    #expect(output == "\r\u{1B}[K10%")
  }

  @Test func `files get no status and no control characters`() {
    let output = ConsoleTests.output(isTerminal: false) { console in
      console.show(status: "10%")
      console.warn("hot")
    }
    #expect(output == "warning: hot\n")
  }

  @Test func `nobody listening does no harm`() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let console = Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: true)
    for _ in 0..<3 { console.warn("into the void") }
    Console(descriptor: -1, isTerminal: false).warn("nowhere")
    #expect(Console(descriptor: -1, isTerminal: false).width == 80)
  }
}

struct NoticesTests {
  @Test func `the first few are said, then once that there are more`() {
    let said = Notes()
    let notices = Notices(limit: 2, rest: "and more") { said.add($0) }
    for name in ["a", "a", "b", "a", "c", "d"] { notices.add(name) }
    #expect(said.all == ["a", "b", "and more"])
  }

  @Test func `as many as allowed need no rest`() {
    let said = Notes()
    let notices = Notices(limit: 2, rest: "and more") { said.add($0) }
    for name in ["a", "b"] { notices.add(name) }
    #expect(said.all == ["a", "b"])
  }
}

import Foundation
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

struct EventFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The messages of a file, its frames and checksums verified, each without its wall time.
  private func messages(_ path: String) throws -> [[UInt8]] {
    var rest = try FileReader.read(path)[...]
    func take(_ count: Int) throws -> [UInt8] {
      defer { rest = rest.dropFirst(count) }
      try #require(rest.count >= count)
      return Array(rest.prefix(count))
    }
    func number(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var messages: [[UInt8]] = []
    while !rest.isEmpty {
      let length = try take(8)
      #expect(number(try take(4)) == UInt64(CRC32C.masked(length)))
      let message = try take(Int(number(length)))
      #expect(number(try take(4)) == UInt64(CRC32C.masked(message)))
      #expect(message[0] == 0x09)
      let time = Double(bitPattern: number(Array(message[1..<9])))
      #expect(abs(time - Date().timeIntervalSince1970) < 3600)
      messages.append(Array(message.dropFirst(9)))
    }
    return messages
  }

  @Test func `a file begins with its version and its session, and holds an event a call`() throws {
    let file = try EventFile(folder: folder.path)
    try file.append(step: 300, scalars: [("a", 1.5), ("loss/é", -2)])
    try file.append(
      step: 1, images: [EventFile.Image(tag: "s", width: 2, height: 3, channels: 1, png: [9, 8])])
    let scalars: [UInt8] = [
      0x2A, 26, 0x0A, 8, 0x0A, 1, 0x61, 0x15, 0, 0, 0xC0, 0x3F,  // "a" 1.5
      0x0A, 14, 0x0A, 7, 0x6C, 0x6F, 0x73, 0x73, 0x2F, 0xC3, 0xA9, 0x15, 0, 0, 0, 0xC0,  // "loss/é" -2
    ]
    let image: [UInt8] = [
      0x2A, 17, 0x0A, 15, 0x0A, 1, 0x73, 0x22, 10, 0x08, 3, 0x10, 2, 0x18, 1, 0x22, 2, 9, 8,
    ]
    #expect(
      try messages(file.path) == [
        [0x1A, 13] + Array("brain.Event:2".utf8), [0x10, 1, 0x3A, 2, 0x08, 1], [0x10, 0xAC, 0x02] + scalars,
        [0x10, 1] + image,
      ])
  }

  @Test func `a resumed run tells where it goes on`() throws {
    let file = try EventFile(folder: folder.path, resumingAfter: 41)
    #expect(try messages(file.path).last == [0x10, 42, 0x3A, 2, 0x08, 1])
  }

  @Test func `files are named so that later ones come later`() throws {
    let pattern = /events\.out\.tfevents\.\d{10}\.[^\/]+\.\d+/
    var names: [String] = []
    for _ in 0..<3 {
      let name = String(try EventFile(folder: folder.path).path.dropFirst(folder.path.count + 1))
      #expect(name.wholeMatch(of: pattern) != nil)
      names.append(name)
    }
    #expect(names == names.sorted() && Set(names).count == 3)
  }

  @Test func `strange files in the folder do no harm`() throws {
    for name in ["events.out.tfevents.", "events.out.tfevents.99999999999999999999.x", "events.out.tfevents.-5.x"] {
      try FileWriter.writeAtomically("", to: folder.file(name))
    }
    try FileWriter.writeAtomically("", to: folder.file("events.out.tfevents.\(Int.max).x"))
    _ = try EventFile(folder: folder.path)
    #expect(throws: Failure.self) { try EventFile(folder: folder.file("none")) }
  }
}

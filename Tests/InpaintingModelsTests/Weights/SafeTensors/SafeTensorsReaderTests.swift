import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

struct SafeTensorsReaderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A file of the Python package safetensors 0.8.0: tensors of seven types, and metadata.
  private static let python = [UInt8](
    Data(
      base64Encoded: """
        yAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCIsInN0ZXAiOiI3In0sImxvbmciOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6\
        WzJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sImRvdWJsZSI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMiwxXSwiZGF0YV9vZmZzZXRzIjpb\
        MTYsMzJdfSwiZW1wdHkiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzMyLDMyXX0sImZsb2F0Ijp7ImR0\
        eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlszMiwzNl19LCJoYWxmIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls2XSwi\
        ZGF0YV9vZmZzZXRzIjpbMzYsNDhdfSwiYnl0ZSI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNDgsNTBdfSwi\
        ZmxhZyI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls1MCw1M119fSD9/////////wAAAAAAAQAAmpmZmZmZ\
        uT8AAAAAAAAAwAAAIEAAAACAAD7/ewEAAHwA/wEAAQ==
        """) ?? Data())

  private func reader(_ bytes: [UInt8]) throws -> SafeTensorsReader {
    try FileWriter.writeAtomically(bytes, to: folder.file("m"))
    return try SafeTensorsReader(path: folder.file("m"))
  }

  @Test func `a file of the Python package is read`() throws {
    let file = try reader(SafeTensorsReaderTests.python)
    #expect(file.entries.map(\.name) == ["long", "double", "empty", "float", "half", "byte", "flag"])
    #expect(file.entries.map(\.shape) == [[2], [2, 1], [0, 3], [], [6], [2], [3]])
    #expect(file.metadata("format") == "np" && file.metadata("step") == "7" && file.metadata("x") == nil)
    func scalars(_ name: String) throws -> [Scalar] { try file.scalars(of: #require(file.entry(named: name))) }
    #expect(try scalars("long") == [-3, 0x1p40])
    #expect(try scalars("double") == [0.1, -2])
    #expect(try scalars("empty") == [])
    #expect(try scalars("float") == [2.5])
    #expect(try scalars("half") == [0, 0, 1.5, 65504, 0x1p-24, .infinity])
    #expect(try scalars("byte") == [0, 255])
    #expect(try scalars("flag") == [1, 0, 1])
    #expect(file.entry(named: "none") == nil)
  }

  @Test func `a file that is cut anywhere is refused`() throws {
    for count in 0..<SafeTensorsReaderTests.python.count {
      #expect(throws: Failure.self, "\(count)") { try reader(Array(SafeTensorsReaderTests.python.prefix(count))) }
    }
    #expect(throws: Failure.self) { try reader(SafeTensorsReaderTests.python + [0]) }
  }

  @Test func `no byte that is changed traps`() throws {
    for place in SafeTensorsReaderTests.python.indices {
      for change: UInt8 in [1, 0x20, 0x80, 0xFF] {
        var bytes = SafeTensorsReaderTests.python
        bytes[place] ^= change
        do {
          let file = try reader(bytes)
          for entry in file.entries where entry.type.isReadable { _ = try file.scalars(of: entry) }
        } catch let failure as Failure {
          #expect(failure.kind == .data)
        }
      }
    }
  }

  @Test func `header lengths are checked before anything is read`() throws {
    let path = folder.file("m")
    for length: UInt64 in [3, 100_000_001, 1 << 62, 1 << 63, .max] {
      let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + Array("{}".utf8)
      let message =
        "\(path): expected a header of at most 2 bytes, found \(length); it is cut short or no safetensors file"
      #expect(throws: Failure(.data, message)) { try reader(bytes) }
    }
    #expect(throws: Failure(.data, "\(path): expected a safetensors file, found 7 bytes")) {
      try reader([UInt8](repeating: 0, count: 7))
    }
    #expect(
      throws: Failure(
        .data, "\(path): expected a header that begins with `{`, found another; it is no safetensors file")
    ) { try reader([2, 0, 0, 0, 0, 0, 0, 0] + Array("[]".utf8)) }
  }

  @Test func `a header of more than 100 MB is refused though the file has it`() throws {
    let path = folder.file("sparse")
    let file = try AppendingFile(path)
    try file.append(withUnsafeBytes(of: UInt64(100_000_001).littleEndian, Array.init))
    try folder.cut("sparse", to: 100_000_100)
    #expect(throws: Failure.self) { try SafeTensorsReader(path: path) }
  }

  @Test func `types without real numbers are refused when they are read`() throws {
    let json = Array(#"{"t":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#.utf8)
    let length = withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init)
    let file = try reader(length + json + [UInt8](repeating: 0, count: 8))
    let message = "\(folder.file("m")): tensor \"t\": expected real numbers, found C64"
    #expect(throws: Failure(.data, message)) { try file.scalars(of: file.entries[0]) }
  }

  @Test func `a file that is cut short while it is open is a failure`() throws {
    try SafeTensorsWriter.write([("a", [1000], [Scalar](repeating: 1, count: 1000))], to: folder.file("m"))
    let file = try SafeTensorsReader(path: folder.file("m"))
    try folder.cut("m", to: file.entries[0].bytes.lowerBound + 10)
    #expect(throws: Failure.self) { try file.scalars(of: file.entries[0]) }
  }

  @Test func `folders and missing files are refused`() {
    #expect(
      throws: Failure(.data, "\(folder.path): expected a file to read, found a folder, a pipe or a device")
    ) { try SafeTensorsReader(path: folder.path) }
    #expect(throws: Failure(.missingInput, "\(folder.file("x")): cannot read it (No such file or directory)")) {
      try SafeTensorsReader(path: folder.file("x"))
    }
  }
}

import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

struct SafeTensorsWriterTests {
  let folder: TemporaryFolder
  private var path: String { folder.file("m.safetensors") }

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `what is written is read back, bits, order, shapes and metadata`() throws {
    let special: [Scalar] = [0.1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    try SafeTensorsWriter.write(
      [("z.weight", [2, 3], special), ("a", [], [7]), ("leer \"é\"\n", [0, 4], [])],
      metadata: [("step", "12"), ("a", "\"\\ü😀")], to: path)
    let file = try SafeTensorsReader(path: path)
    #expect(file.entries.map(\.name) == ["z.weight", "a", "leer \"é\"\n"])
    #expect(file.entries.map(\.shape) == [[2, 3], [], [0, 4]])
    #expect(file.entries.allSatisfy { $0.type == .scalar })
    #expect(try file.scalars(of: file.entries[0]).map(\.bitPattern) == special.map(\.bitPattern))
    #expect(try file.scalars(of: file.entries[1]) == [7])
    #expect(file.metadata.map(\.key) == ["step", "a"] && file.metadata("a") == "\"\\ü😀")
  }

  @Test func `the data begins at a multiple of 64 bytes, whatever the header's length`() throws {
    for length in 1...70 {
      try SafeTensorsWriter.write([(String(repeating: "n", count: length), [1], [1])], to: path)
      #expect(try SafeTensorsReader(path: path).entries[0].bytes.lowerBound % 64 == 0)
    }
  }

  @Test func `the bytes are those of the format`() throws {
    try SafeTensorsWriter.write([("a", [1], [1.5])], metadata: [("k", "v")], to: path)
    let type = MemoryLayout<Scalar>.size == 8 ? "F64" : "F32"
    let json =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"\#(type)","shape":[1],"data_offsets":[0,\#(MemoryLayout<Scalar>.size)]}}"#
    let bytes = try FileReader.read(path)
    try #require(bytes.count == 128 + MemoryLayout<Scalar>.size)
    #expect(bytes.prefix(8) == [120, 0, 0, 0, 0, 0, 0, 0])
    #expect(bytes[8..<128] == Array((json + String(repeating: " ", count: 120 - json.utf8.count)).utf8)[...])
    #expect(Array(bytes[128...]) == withUnsafeBytes(of: Scalar(1.5), Array.init))
  }

  @Test func `tensors can be produced in pieces`() throws {
    let values = (0..<200_000).map { Scalar($0) }
    try SafeTensorsWriter.write([("a", [100, 2000]), ("b", [2])], to: path) { index, write in
      guard index == 0 else { return try [8, 9].withUnsafeBufferPointer(write) }
      try values[..<70_000].withUnsafeBufferPointer(write)
      try values[70_000...].withUnsafeBufferPointer(write)
    }
    let file = try SafeTensorsReader(path: path)
    #expect(try file.scalars(of: file.entries[0]) == values)
    #expect(try file.scalars(of: file.entries[1]) == [8, 9])
  }

  @Test func `a failure on the way leaves the old file`() throws {
    struct Stop: Error {}
    try SafeTensorsWriter.write([("old", [1], [1])], to: path)
    #expect(throws: Stop.self) {
      try SafeTensorsWriter.write([("new", [1])], to: path) { _, _ in throw Stop() }
    }
    #expect(try SafeTensorsReader(path: path).entries[0].name == "old")
    #expect(folder.names == ["m.safetensors"])
  }

  @Test func `nothing at all is a file too`() throws {
    try SafeTensorsWriter.write([(name: String, shape: [Int], values: [Scalar])](), to: path)
    #expect(try SafeTensorsReader(path: path).entries.isEmpty)
  }
}

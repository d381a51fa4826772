import Tensors
import Testing

@testable import InpaintingModels
@testable import Support

struct SafeTensorsHeaderTests {
  private func header(_ json: String, dataSize: Int) throws -> SafeTensorsHeader {
    try SafeTensorsHeader(json: Array(json.utf8), data: 100..<100 + dataSize, path: "m")
  }

  private func tensor(_ name: String, _ shape: String, _ range: Range<Int>, type: String = "F32") -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}"
  }

  @Test func `entries keep the order of the header, wherever they lie`() throws {
    let json =
      "{\"__metadata__\":{\"z\":\"1\",\"a\":\"é\"},\(tensor("b", "[2]", 4..<12)),\(tensor("a", "[]", 0..<4))}  "
    let header = try header(json, dataSize: 12)
    #expect(
      header.entries == [
        SafeTensorsEntry(name: "b", type: .float32, shape: [2], bytes: 104..<112),
        SafeTensorsEntry(name: "a", type: .float32, shape: [], bytes: 100..<104),
      ])
    #expect(header.entries.map(\.count) == [2, 1])
    #expect(header.metadata.map(\.key) == ["z", "a"])
    #expect(header.metadata.map(\.value) == ["1", "é"])
  }

  @Test func `a file may hold nothing, and tensors may be empty`() throws {
    #expect(try header("{}", dataSize: 0).entries.isEmpty)
    let json = "{\(tensor("a", "[2]", 0..<8)),\(tensor("e", "[0,5]", 8..<8)),\(tensor("s", "[0]", 0..<0))}"
    #expect(try header(json, dataSize: 8).entries.map(\.count) == [2, 0, 0])
  }

  @Test func `holes, overlaps, repeats and wrong ends are refused`() {
    func expect(_ tensors: [String], _ size: Int, _ message: String) {
      #expect(throws: Failure(.data, message)) {
        try header("{" + tensors.joined(separator: ",") + "}", dataSize: size)
      }
    }
    let first = tensor("a", "[2]", 0..<8)
    func place(_ tensor: String, after other: String, _ fault: String) -> String {
      "m: tensor \"\(tensor)\": expected its bytes to follow \(other), found \(fault)"
    }
    let (hole, overlap) = ("a hole between them", "that they overlap")
    expect([first, tensor("b", "[1]", 12..<16)], 16, place("b", after: "tensor \"a\"", hole))
    expect([tensor("b", "[1]", 4..<8)], 8, place("b", after: "the header", hole))
    expect([first, tensor("b", "[1]", 4..<8)], 8, place("b", after: "tensor \"a\"", overlap))
    expect([first, tensor("b", "[2]", 0..<8)], 8, place("b", after: "tensor \"a\"", overlap))
    expect([first, tensor("e", "[0]", 4..<4)], 8, place("e", after: "tensor \"a\"", overlap))
    expect([first, tensor("e", "[0]", 9..<9)], 9, place("e", after: "tensor \"a\"", hole))
    expect([first], 9, "m: expected the file to end with tensor \"a\" at byte 108, found 109 bytes")
    expect([], 1, "m: expected the file to end with the header at byte 100, found 101 bytes")
    expect([first, first], 8, "header of m:1:55: expected each key once, found \"a\" again")
  }

  @Test(arguments: [
    ("[2]", "F32", "0,4", "expected 8 bytes for [2] of F32, found 4 by `data_offsets`"),
    ("[1]", "F33", "0,4", "expected an element type that is known, found \"F33\""),
    ("[1]", "f32", "0,4", "expected an element type that is known, found \"f32\""),
    ("[-1]", "F32", "0,4", "expected an array of whole numbers from 0 up as `shape`, found something else"),
    ("[1.0]", "F32", "0,4", "expected an array of whole numbers from 0 up as `shape`, found something else"),
    ("[true]", "F32", "0,4", "expected an array of whole numbers from 0 up as `shape`, found something else"),
    ("1", "F32", "0,4", "expected an array of whole numbers from 0 up as `shape`, found something else"),
    (
      "[99999999999999999999]", "F32", "0,4",
      "expected an array of whole numbers from 0 up as `shape`, found something else"
    ),
    ("[1]", "F32", "4,0", "expected two ascending numbers up to 4 as `data_offsets`, found something else"),
    ("[1]", "F32", "0,8", "expected two ascending numbers up to 4 as `data_offsets`, found something else"),
    ("[1]", "F32", "-4,0", "expected two ascending numbers up to 4 as `data_offsets`, found something else"),
    ("[1]", "F32", "0", "expected two ascending numbers up to 4 as `data_offsets`, found something else"),
    ("[1]", "F32", "0,4,4", "expected two ascending numbers up to 4 as `data_offsets`, found something else"),
    (
      "[1]", "F32", "0,9223372036854775807",
      "expected two ascending numbers up to 4 as `data_offsets`, found something else"
    ),
    (
      "[4294967296,4294967296]", "F32", "0,4",
      "expected a shape that fits in memory, found [4294967296, 4294967296]"
    ),
    (
      "[9223372036854775807,2,0]", "F32", "0,0",
      "expected a shape that fits in memory, found [9223372036854775807, 2, 0]"
    ),
  ])
  func `a wrong entry is refused`(shape: String, type: String, offsets: String, message: String) {
    #expect(throws: Failure(.data, "m: tensor \"t\": \(message)")) {
      try header("{\"t\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(offsets)]}}", dataSize: 4)
    }
  }

  @Test(arguments: [
    "", " {}", "[]", "{}x", "{", "{\"t\":1}", "{\"t\":{}}", "{\"t\":{\"dtype\":\"F32\",\"shape\":[]}}",
    "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0],\"x\":1}}",
    "{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0],}}",
    "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":[]}", "{\"__metadata__\":{},\"__metadata__\":{}}", "{} // x",
  ])
  func `what is no header is refused`(json: String) {
    #expect(throws: Failure.self) { try header(json, dataSize: 0) }
  }

  @Test func `no damage traps, and what is accepted covers the data`() throws {
    let good = Array(
      "{\"__metadata__\":{\"k\":\"v\"},\(tensor("a", "[2,1]", 0..<8)),\(tensor("b", "[3]", 8..<14, type: "F16"))}".utf8)
    let alphabet = Array("{}[]\",:0123456789-.eFBUI".utf8) + [0, 0xFF]
    var accepted = 0
    for sample in 0..<20_000 {
      var random = RandomStream(seed: 2, purpose: "fuzz", sample: sample)
      var json = good
      for _ in 0..<random.integer(in: 1...2) {
        let place = random.integer(in: 0..<json.count)
        switch random.integer(in: 0..<3) {
        case 0: json[place] = alphabet[random.integer(in: 0..<alphabet.count)]
        case 1: json.insert(alphabet[random.integer(in: 0..<alphabet.count)], at: place)
        default: json.remove(at: place)
        }
      }
      do {
        let header = try SafeTensorsHeader(json: json, data: 100..<114, path: "m")
        #expect(header.entries.reduce(0) { $0 + $1.bytes.count } == 14)
        accepted += 1
      } catch let failure as Failure {
        #expect(failure.kind == .data)
      }
    }
    #expect(accepted > 100)
  }
}

struct SafeTensorsTypeTests {
  private func convert(_ type: SafeTensorsType, _ bytes: [UInt8]) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: bytes.count / type.size) { buffer, count in
      count = bytes.count / type.size
      let scalars = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      bytes.withUnsafeBytes { type.convert($0, to: scalars) }
    }
  }

  @Test func `half precision is exact`() {
    let cases: [(UInt16, Float)] = [
      (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14), (0x0001, 0x1p-24),
      (0x83FF, -0x1.ff8p-15), (0x7C00, .infinity), (0xFC00, -.infinity), (0x3555, 0.333251953125),
    ]
    for (bits, value) in cases { #expect(SafeTensorsType.halfPrecision(bits) == value) }
    #expect(SafeTensorsType.halfPrecision(0x8000).sign == .minus)
    #expect(SafeTensorsType.halfPrecision(0x7E00).isNaN)
  }

  @Test func `half precision grows with its bits`() {
    let values = (0...0x7C00).map { SafeTensorsType.halfPrecision(UInt16($0)) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `elements are little-endian and signed where they should be`() {
    #expect(convert(.boolean, [0, 1, 2]) == [0, 1, 1])
    #expect(convert(.unsigned8, [255]) == [255])
    #expect(convert(.signed8, [255]) == [-1])
    #expect(convert(.unsigned16, [0xFE, 0xFF]) == [65534])
    #expect(convert(.signed16, [0xFE, 0xFF]) == [-2])
    #expect(convert(.unsigned32, [0, 0, 0, 0x80]) == [0x1p31])
    #expect(convert(.signed32, [0, 0, 0, 0x80]) == [-0x1p31])
    #expect(convert(.unsigned64, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [0x1p63])
    #expect(convert(.signed64, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [-0x1p63])
    #expect(convert(.brainFloat16, [0x80, 0x3F, 0x48, 0xC0]) == [1, -3.125])
    #expect(convert(.float16, [0x00, 0x3E]) == [1.5])
    #expect(convert(.float32, [0, 0, 0x20, 0x40]) == [2.5])
    #expect(convert(.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]) == [1.5])
  }

  @Test func `sizes follow the names`() {
    for type in SafeTensorsType.allCases where type != .boolean {
      let digits = type.rawValue.drop { !$0.isNumber }.prefix { $0.isNumber }
      #expect(Int(digits) == type.size * 8, "\(type)")
    }
  }
}

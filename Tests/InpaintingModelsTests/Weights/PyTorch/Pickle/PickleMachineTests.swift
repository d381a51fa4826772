import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct PickleMachineTests {
  /// The plain values of a pickle whose instructions are given without the first and the last.
  private func values(_ instructions: [UInt8]) throws -> [JSONValue] {
    var machine = PickleMachine(PickleBytes([0x80, 4] + instructions + [UInt8(ascii: ".")], source: "p"))
    let root = try machine.run()
    return try PyTorchContents(root, in: machine.heap, source: "p").values.map(\.value)
  }

  private func refusal(_ instructions: [UInt8]) -> String? {
    do {
      _ = try values(instructions)
      return nil
    } catch {
      return (error as? Failure)?.message
    }
  }

  private func text(_ string: String) -> [UInt8] { [0x8C, UInt8(string.utf8.count)] + Array(string.utf8) }

  @Test func `plain values of every kind are read`() throws {
    #expect(
      try values(Array("(K\u{7}M".utf8) + [1, 1] + Array("J".utf8) + [0xFE, 0xFF, 0xFF, 0xFF, 0x74]) == [7, 257, -2])
    #expect(try values([0x8A, 0]) == [0])
    #expect(try values([0x8A, 2, 0xFF, 0x7F]) == [32767])
    #expect(try values([0x8A, 1, 0x80]) == [-128])
    #expect(try values([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1]) == [JSONValue(0x1p64)])
    #expect(try values([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF]) == [JSONValue(-0x1p64)])
    #expect(try values(Array("G".utf8) + [0x40, 0x04, 0, 0, 0, 0, 0, 0]) == [2.5])
    #expect(try values(text("é")) == ["é"])
    #expect(
      try values(Array("(I01\nI00\nI-3\nL12L\nL-100000000000000000000L\nt".utf8)) == [true, false, -3, 12, -1e20])
    #expect(try values([0x88, 0x4E, 0x85, 0x86]) == [true, nil])
    #expect(try values([0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x8E, 1, 0, 0, 0, 0, 0, 0, 0, 9]) == [])
  }

  @Test func `what was noted is recalled, also when it changed since`() throws {
    // A list that is noted while it is empty, filled, and put into a tuple twice.
    #expect(try values(Array("]q\u{1}K\u{5}ah\u{1}".utf8) + [0x86]) == [5, 5])
    #expect(try values([0x5D, 0x94] + Array("K\u{5}ah\u{0}".utf8) + [0x86]) == [5, 5])
  }

  @Test func `code is refused by its name`() {
    let call = Array("cposix\nsystem\n".utf8) + text("true") + [0x85, 0x52]
    #expect(refusal(call)?.contains("found \"posix.system\"") == true)
    #expect(refusal(text("builtins") + text("eval") + [0x93])?.contains("\"builtins.eval\"") == true)
    #expect(refusal(Array("cnumpy\n\(String(repeating: "x", count: 252))\n".utf8))?.contains("256 bytes") == true)
    #expect(refusal(Array("ctorch\nFloatStorage\n)R".utf8))?.contains("found a type of storages") == true)
    #expect(refusal(Array("ios\nsystem\n".utf8))?.contains("0x69") == true)
  }

  @Test func `values that contain themselves, lie too deep or multiply are refused`() {
    #expect(refusal(Array("]q\u{0}h\u{0}a".utf8))?.contains("deep") == true)
    let deep = [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
    #expect(refusal(deep)?.contains("deep") == true)
    var doubling = Array("]q\u{0}".utf8)
    for index in 0..<UInt8(30) {
      doubling += Array("](h".utf8) + [index] + Array("h".utf8) + [index] + Array("eq".utf8) + [index + 1]
    }
    #expect(refusal(doubling)?.contains("at most 200000 values") == true)
    #expect(refusal([UInt8](repeating: 0x4E, count: 4_000_001))?.contains("instructions") == true)
  }

  @Test(arguments: [
    "0", "1", "a", "K\u{1}a", "(", "t", "}K\u{1}s", "}(K\u{1}u", "h\u{3}", "R", "NR", "Q", ")Q", "Nb", "K", "X", "(0",
    "I", "I\n", "Ix\n", "L1e5\n", "L1", "\u{8F}", ")))\u{92}",
    "])s", "q\u{0}",
  ])
  func `instructions that find nothing to work on are refused`(_ instructions: String) {
    #expect(refusal(Array(instructions.utf8))?.hasPrefix("p") == true)
  }

  @Test func `two values of the same name are refused`() {
    let twice = Array("}(".utf8) + text("a") + [0x4E] + text("a") + [0x4E] + Array("u".utf8)
    #expect(refusal(twice)?.contains("found \"a\" twice") == true)
  }
}

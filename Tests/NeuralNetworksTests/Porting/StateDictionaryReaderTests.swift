import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks
@testable import Support

@Suite struct StateDictionaryReaderTests {
  @Test func `sound entries are given as they are`() throws {
    let reader = StateDictionaryReader { $0 == "a" ? .counting([2, 3]) : nil }
    #expect(try reader.tensor("a", shape: [2, 3]).elements == [0, 1, 2, 3, 4, 5])
    try reader.requireSound(source: "w.pth", network: "a test")
  }

  @Test func `each fault is named at the end, and zeros stand for the entry`() throws {
    let state = ["of another shape": Tensor.ones([3]), "not finite": Tensor([1, .infinity], shape: [2])]
    let reader = StateDictionaryReader { state[$0] }
    for name in ["absent", "of another shape", "not finite"] {
      #expect(try reader.tensor(name, shape: [2]).elements == [0, 0])
    }
    let failure = #expect(throws: Failure.self) {
      try reader.requireSound(source: "w.pth", network: "a test")
    }
    #expect(
      failure?.message
        == "w.pth: not the weights of a test: `absent` expected of shape [2], found none; `of another shape` "
        + "expected of shape [2], found [3]; `not finite` expected finite, found values that are not.")
  }

  @Test func `of many faults the first ten are named, and how many more there are`() throws {
    let reader = StateDictionaryReader { _ in nil }
    for number in 0..<13 { _ = try reader.tensor("e\(number)", shape: [1]) }
    let failure = #expect(throws: Failure.self) { try reader.requireSound(source: "w", network: "x") }
    #expect(failure?.message.hasSuffix("`e9` expected of shape [1], found none; and 3 more.") == true)
  }
}

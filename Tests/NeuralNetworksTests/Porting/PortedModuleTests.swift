import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks
@testable import Support

@Suite struct PortedModuleTests {
  private final class Pair: PortedModule {
    let filter = Parameter(.zeros([1, 1, 2, 3]))
    let mean = Buffer(.zeros([3]), dependsOnSamples: true)
    var portedWeights: [PortedWeight] {
      [PortedWeight("conv.weight", filter, .outputsFirst), PortedWeight("running_mean", mean).named("bn")]
    }
  }

  private let state: [String: Tensor] = [
    "net.conv.weight": .counting([3, 2, 1, 1]), "net.bn.running_mean": .ones([3]), "other": .ones([7]),
  ]

  @Test func `weights come by their names elsewhere, and go`() throws {
    let pair = Pair()
    try pair.load(prefix: "net.") { state[$0] }
    #expect(pair.filter.value.elements == [0, 2, 4, 1, 3, 5])
    #expect(pair.mean.value.elements == [1, 1, 1])
    let written = pair.stateDictionary()
    #expect(written.map(\.name) == ["conv.weight", "bn.running_mean"])
    #expect(written[0].value.shape == [3, 2, 1, 1] && written[0].value.elements == [0, 1, 2, 3, 4, 5])
  }

  @Test func `what is absent or of another shape is named, and nothing changes`() {
    let pair = Pair()
    var lacking = state
    lacking["net.bn.running_mean"] = nil
    #expect {
      try pair.load(prefix: "net.") { lacking[$0] }
    } throws: {
      ($0 as? Failure)?.kind == .data && "\($0)".contains("net.bn.running_mean")
    }
    lacking["net.bn.running_mean"] = .ones([4])
    #expect {
      try pair.load(prefix: "net.") { lacking[$0] }
    } throws: {
      "\($0)".contains("[4]") && "\($0)".contains("[3]")
    }
    #expect(pair.filter.value.elements == [0, 0, 0, 0, 0, 0])
  }
}

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
        == "w.pth: expected the weights of a test, found others: `absent` expected of shape [2], found none; `of another "
        + "shape` expected of shape [2], found [3]; `not finite` expected of finite values, found others.")
  }

  @Test func `of many faults the first ten are named, and how many more there are`() throws {
    let reader = StateDictionaryReader { _ in nil }
    for number in 0..<13 { _ = try reader.tensor("e\(number)", shape: [1]) }
    let failure = #expect(throws: Failure.self) { try reader.requireSound(source: "w", network: "x") }
    #expect(failure?.message.hasSuffix("`e9` expected of shape [1], found none; and 3 more.") == true)
  }
}

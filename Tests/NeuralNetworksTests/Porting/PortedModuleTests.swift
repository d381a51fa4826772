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

import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalAttentionTests {
  private func layer(units: Int = 4, tied: Bool = false) -> ExternalAttention {
    var options = ExternalAttention.Options()
    options.memoryUnits = units
    options.tied = tied
    return ExternalAttention(channels: 6, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `values agree with those published`() throws {
    let run = try GoldenRun(layer(), at: .wave([2, 5, 6]))
    let output = GoldenValue(sum: 2.7951916679, squares: 3.6405001272, first: 0.2518162809)
    let slope = GoldenValue(sum: 0, squares: 0.0033754658)
    #expect(run.difference(fromOutput: output, slopes: slope) < GoldenValue.tolerance)
    let squares = ["mk.weight": 0.0124792777, "mv.weight": 1.7681296891]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `features are the sequence of their positions`() {
    let layer = layer()
    let features = Tensor.wave([2, 3, 4, 6])
    let tokens = features.reshaped(to: [2, 12, 6])
    #expect(layer(features).shape == features.shape)
    #expect(areIdentical(layer(features).elements, layer(tokens).elements))
  }

  @Test func `tied, keys are values`() throws {
    let tied = layer(tied: true)
    #expect(tied.parameterCount == 24 && layer().parameterCount == 48)
    #expect(tied.portedWeights.map(\.name) == ["mk.weight"])
    let untied = layer()
    let keys = tied.stateDictionary()[0].value
    try untied.load { $0 == "mk.weight" ? keys : keys.transposed() }
    let x = Tensor.wave([2, 5, 6])
    #expect(tied(x).largestDifference(from: untied(x)) < tolerance(1e-6, 1e-14))
  }

  @Test(arguments: [false, true])
  func `gradients of order 1 and 2 agree with finite differences`(_ tied: Bool) {
    let layer = layer(units: 3, tied: tied)
    layer.fillWithWaves()
    #expect(GradientCheck.largestError(of: layer, at: .wave([2, 2, 2, 6])) < GradientCheck.tolerance)
  }

  @Test func `as published there are 64 units, and 2NCS multiplications`() {
    let layer = ExternalAttention(channels: 10, initialization: Initialization(seed: 1))
    #expect(layer.parameterCount == 2 * 10 * 64)
    #expect(layer.multiplyAdds(height: 3, width: 5) == 2 * 15 * 10 * 64)
  }

  @Test func `what cannot be built is told`() {
    #expect(ExternalAttention.problem(channels: 8) == nil)
    #expect(ExternalAttention.problem(channels: 0)?.contains("channels (0)") == true)
    var options = ExternalAttention.Options()
    options.memoryUnits = 0
    #expect(ExternalAttention.problem(channels: 8, options: options)?.contains("memory units (0)") == true)
  }
}

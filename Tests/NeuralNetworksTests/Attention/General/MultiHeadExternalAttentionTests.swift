import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct MultiHeadExternalAttentionTests {
  private func layer(channels: Int = 4) -> MultiHeadExternalAttention {
    var options = MultiHeadExternalAttention.Options()
    options.heads = 2
    options.memoryUnits = 3
    return MultiHeadExternalAttention(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  /// Computed by the layer's definition in PyTorch.
  @Test func `values agree with those of the definition`() throws {
    let run = try GoldenRun(layer(), at: .wave([2, 5, 4]))
    let output = GoldenValue(sum: 13.2038024665, squares: 21.2849231318, first: -0.3434042391, last: 1.1014963871)
    #expect(run.difference(fromOutput: output) < GoldenValue.tolerance)
    let slope = GoldenValue(sum: 0, squares: 0.0012057318, first: 0.0096536074, last: -0.0057554489)
    #expect(run.difference(slopes: slope) < GoldenValue.tolerance)
    let squares = [
      "trans_dims.weight": 0.0005649459, "trans_dims.bias": 0, "linear_0.weight": 0.0011065638, "linear_0.bias": 0,
      "linear_1.weight": 0.1391588242, "linear_1.bias": 0.4087542720, "proj.weight": 11.4570736414,
      "proj.bias": 2.1665420803,
    ]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `as published 32 heads share 64 units`() {
    let layer = MultiHeadExternalAttention(channels: 16, initialization: Initialization(seed: 1))
    #expect(layer.expansion.weight.shape == [16, 64])
    #expect(layer.memory.keys.shape == [2, 64])
    #expect(layer.parameterCount == (16 * 64 + 64) + (2 * 64 + 64) + (64 * 2 + 2) + (64 * 16 + 16))
    #expect(layer.multiplyAdds(height: 3, width: 5) == 15 * (8 * 16 * 16 + 8 * 16 * 64))
  }

  @Test func `features are the sequence of their positions`() {
    let features = Tensor.wave([2, 3, 4, 4])
    let tokens = features.reshaped(to: [2, 12, 4])
    #expect(areIdentical(layer()(features).elements, layer()(tokens).elements))
  }

  @Test func `what cannot be built is told`() {
    #expect(MultiHeadExternalAttention.problem(channels: 16) == nil)
    #expect(MultiHeadExternalAttention.problem(channels: 12)?.contains("(12) must be a multiple") == true)
    var options = MultiHeadExternalAttention.Options()
    options.heads = 0
    #expect(MultiHeadExternalAttention.problem(channels: 12, options: options)?.contains("heads (0)") == true)
    options.heads = 2
    options.expansion = 0
    #expect(MultiHeadExternalAttention.problem(channels: 12, options: options)?.contains("expansion (0)") == true)
  }
}

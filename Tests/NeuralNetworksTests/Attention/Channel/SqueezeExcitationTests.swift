import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SqueezeExcitationTests {
  private let x = GoldenFill.features(2, 8, 3, 4)

  private func layer(channels: Int = 8, reduction: Int = 4, bias: Bool = false) -> SqueezeExcitation {
    var options = SqueezeExcitation.Options()
    options.reduction = reduction
    options.bias = bias
    return SqueezeExcitation(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `published values`() throws {
    let run = try GoldenRun(layer(), names: ["fc.0.weight", "fc.2.weight"], at: x)
    let difference = run.difference(
      fromOutput: GoldenValue(sum: 1.6807550960, squares: 24.0879822464, first: 0.0499167083, last: 0.4924045627),
      slopes: GoldenValue(squares: 24.1177498100),
      squares: ["fc.0.weight": 0.0023886653, "fc.2.weight": 0.0505662385])
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `values with biases`() throws {
    let run = try GoldenRun(
      layer(bias: true), names: ["fc.0.weight", "fc.0.bias", "fc.2.weight", "fc.2.bias"], at: x)
    let difference = run.difference(
      fromOutput: GoldenValue(sum: 1.8581630434, squares: 21.8806686219, first: 0.0561532780, last: 0.5002907543),
      slopes: GoldenValue(sum: 2.2065917429, squares: 21.5284771350),
      squares: ["fc.0.bias": 3.6686340000, "fc.2.bias": 23.0303766213])
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `the means, two dense layers divided by r with a ReLU and multiplied again, a sigmoid, and scaling`() {
    let layer = layer()
    #expect(layer.squeeze.weight.shape == [8, 2] && layer.excitation.weight.shape == [2, 8])
    let (w1, w2) = (layer.squeeze.weight.value, layer.excitation.weight.value)
    for image in 0..<2 {
      let means = (0..<8).map { channel in
        (0..<12).reduce(Scalar(0)) { $0 + x[image, $1 / 4, $1 % 4, channel] } / 12
      }
      let hidden = (0..<2).map { unit in max(0, (0..<8).reduce(Scalar(0)) { $0 + means[$1] * w1[$1, unit] }) }
      for channel in 0..<8 {
        let weight = sigmoid(Tensor(hidden[0] * w2[0, channel] + hidden[1] * w2[1, channel])).scalar
        #expect(abs(layer(x)[image, 2, 1, channel] - x[image, 2, 1, channel] * weight) < 1e-5)
      }
    }
  }

  @Test func `a channel weight is one number a channel, between 0 and 1`() {
    let weights = layer().channelWeights(of: x)
    #expect(weights.shape == [2, 1, 1, 8])
    #expect(weights.elements.allSatisfy { 0 < $0 && $0 < 1 })
  }

  @Test func `parameters and multiplications`() {
    #expect(layer(channels: 64, reduction: 16).parameterCount == 2 * 64 * 64 / 16)
    #expect(layer(channels: 64, reduction: 16, bias: true).parameterCount == 2 * 64 * 64 / 16 + 4 + 64)
    #expect(layer(channels: 64, reduction: 16).multiplyAdds(height: 5, width: 6) == 64 * 30 + 2 * 64 * 64 / 16)
    // Divided and rounded down, but at least 1.
    #expect(layer(channels: 7, reduction: 4).squeeze.weight.shape == [7, 1])
    #expect(layer(channels: 2, reduction: 16).squeeze.weight.shape == [2, 1])
  }

  @Test func `what cannot be is said`() {
    var options = SqueezeExcitation.Options()
    #expect(SqueezeExcitation.problem(channels: 8, options: options) == nil)
    #expect(SqueezeExcitation.problem(channels: 0, options: options)?.contains("(0)") == true)
    options.reduction = 0
    #expect(SqueezeExcitation.problem(channels: 8, options: options)?.contains("reduction (0)") == true)
  }
}

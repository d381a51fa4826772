import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct LayerNormTests {
  private let x = Tensor.noise("x", [2, 3, 4]) * 3 + 5

  private func layer() -> LayerNorm {
    let layer = LayerNorm(channels: 4)
    layer.weight.assign(Tensor([2, 0.5, -1, 3], shape: [4]))
    layer.bias.assign(Tensor([1, -1, 0, 2], shape: [4]))
    return layer
  }

  @Test func `the channels of each place get mean 0 and variance 1, then the scale and the shift`() {
    let layer = layer()
    let y = layer(x)
    for place in 0..<6 {
      let own = x.elements[4 * place..<4 * place + 4].map { Double($0) }
      let mean = own.reduce(0, +) / 4
      let variance = own.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4
      let expected = own.enumerated().map { channel, value in
        Scalar(
          (value - mean) / (variance + 1e-5).squareRoot() * Double(layer.weight.value[channel])
            + Double(layer.bias.value[channel]))
      }
      #expect(largestDifference(Array(y.elements[4 * place..<4 * place + 4]), expected) < tolerance(1e-5, 1e-12))
    }
  }

  @Test func `at first it changes neither scale nor shift`() {
    #expect(
      LayerNorm(channels: 2)(Tensor([-3, 3], shape: [1, 2])).largestDifference(
        from: Tensor([-1, 1], shape: [1, 2])) < 1e-6)
  }

  @Test func `equal channels leave finite values and slopes`() {
    let slope = gradient(at: .ones([1, 4])) { (layer()($0) * .wave([4])).sum() }
    #expect(layer()(.ones([1, 4])).elements == [1, -1, 0, 2])
    #expect(slope.elements.allSatisfy { $0.isFinite })
  }

  @Test func `a shift of all channels of a place changes nothing, and has no gradient`() {
    let layer = layer()
    #expect(layer(x + 2).largestDifference(from: layer(x)) < tolerance(1e-4, 1e-13))
    let slope = gradient(at: x) { (layer($0) * .wave([2, 3, 4])).sum() }
    #expect(slope.sum(axes: [-1]).largestDifference(from: .zeros([2, 3, 1])) < tolerance(1e-5, 1e-14))
  }
}

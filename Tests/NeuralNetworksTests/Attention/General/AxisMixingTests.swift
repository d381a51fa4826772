import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct AxisMixingTests {
  private let mixing = AxisMixing(size: 3, factor: 2, initialization: Initialization(seed: 1, name: "mixing"))

  @Test func `each line and channel is mixed by itself, all by the same matrices`() {
    let x = Tensor.wave([2, 3, 5])
    let y = mixing(x)
    for line in 0..<2 {
      for channel in 0..<5 {
        let own = x.sliced([line..<line + 1, 0..<3, channel..<channel + 1]).reshaped(to: [1, 3])
        let expected = matmul(gelu(matmul(own, mixing.expansion.value)), mixing.contraction.value)
        let found = y.sliced([line..<line + 1, 0..<3, channel..<channel + 1])
        #expect(largestDifference(found.elements, expected.elements) < tolerance(1e-6, 1e-14))
      }
    }
  }

  @Test func `matrices start within one over the root of their inputs`() {
    let mixing = AxisMixing(size: 64, factor: 2, initialization: Initialization(seed: 1, weights: .zeros))
    for (matrix, inputs) in [(mixing.expansion, 64.0), (mixing.contraction, 128.0)] {
      let largest = matrix.value.elements.map { abs(Double($0)) }.max()!
      #expect(largest <= 1 / inputs.squareRoot() && largest > 0.95 / inputs.squareRoot())
    }
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(of: mixing, at: [.wave([2, 3, 2])]) { mixing($0[0]) }
    #expect(error < GradientCheck.tolerance)
  }
}

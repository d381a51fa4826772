import NeuralNetworks
import Tensors
import Testing

@Suite struct ActivationTests {
  static let cases: [(Activation, negative: Double, positive: Double)] = [
    (.identity, -1, 2), (.relu, 0, 2), (.leakyReLU(slope: 0.3), -0.3, 2), (.elu, -0.632_120_56, 2),
    (.tanh, -0.761_594_16, 0.964_027_58), (.sigmoid, 0.268_941_42, 0.880_797_08),
  ]

  @Test(arguments: cases)
  func `each activation is its function`(_ activation: Activation, _ negative: Double, _ positive: Double) {
    let y = activation(Tensor([-1, 2], shape: [2])).elements
    #expect(abs(Double(y[0]) - negative) < 1e-6)
    #expect(abs(Double(y[1]) - positive) < 1e-6)
  }
}

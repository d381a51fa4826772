import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct LinearTests {
  private func layer(activation: Activation = .identity) -> Linear {
    Linear(inputs: 2, outputs: 3, activation: activation, initialization: Initialization(seed: 0))
  }

  @Test func `the last axis is multiplied from the left and the bias added`() {
    let linear = layer()
    linear.weight.assign(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
    linear.bias!.assign(Tensor([10, 20, 30], shape: [3]))
    let y = linear(Tensor([1, 1, 0, -1], shape: [2, 1, 2]))
    #expect(y.shape == [2, 1, 3])
    #expect(y.elements == [15, 27, 39, 6, 15, 24])
  }

  @Test func `a tensor goes through layers in order`() {
    let first = layer(activation: .relu)
    let second = Linear(inputs: 3, outputs: 1, bias: false, initialization: Initialization(seed: 1))
    let x = Tensor.noise("x", [4, 2])
    #expect(x.through(first, second).elements == second(first(x)).elements)
  }
}

import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct SequentialTests {
  @Test func `layers run in order and are named by their index`() {
    let initialization = Initialization(seed: 0)
    let first = Linear(inputs: 2, outputs: 3, initialization: initialization["0"])
    let second = Linear(inputs: 3, outputs: 1, bias: false, initialization: initialization["1"])
    let both = Sequential([first, second])
    #expect(both.namedParameters.map(\.name) == ["layers.0.weight", "layers.0.bias", "layers.1.weight"])
    let x = Tensor.noise("x", [4, 2])
    #expect(both(x).elements == second(first(x)).elements)
    #expect(x.through(first, second).elements == second(first(x)).elements)
  }
}

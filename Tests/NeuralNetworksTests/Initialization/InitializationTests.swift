import NeuralNetworks
import Tensors
import Testing

@testable import Support

@Suite struct InitializationTests {
  @Test func `a weight depends on seed and full name alone`() {
    let whole = Initialization(seed: 7)
    _ = whole["other"].weight([4, 4])
    let weight = whole["block"]["conv1"].weight([4, 4]).value.elements
    #expect(Initialization(seed: 7, name: "block")["conv1"].weight([4, 4]).value.elements == weight)
    #expect(Initialization(seed: 7, name: "block.conv1").weight([4, 4]).value.elements == weight)
    #expect(Initialization(seed: 8)["block"]["conv1"].weight([4, 4]).value.elements != weight)
    #expect(whole["block"]["conv2"].weight([4, 4]).value.elements != weight)
    var stream = RandomStream(seed: 7, purpose: "block.conv1.weight")
    #expect(Initializer.glorotUniform([4, 4], &stream).elements == weight)
  }

  @Test func `the rule reaches nested modules and can be changed`() {
    let constant = Initializer { shape, _ in Tensor(repeating: 2, shape: shape) }
    let initialization = Initialization(seed: 7, weights: constant)
    #expect(initialization["a"]["b"].weight([1, 2]).value.elements == [2, 2])
    #expect(initialization.with(weights: .zeros)["a"].weight([1, 2]).value.elements == [0, 0])
  }

  @Test func `layers start with weights by the rule and biases at 0`() {
    let initialization = Initialization(seed: 7, name: "layer")
    let expected = initialization.weight([3, 3, 2, 8]).value.elements
    let gated = GatedConv2d(
      inputChannels: 2, outputChannels: 4, kernel: 3, activation: .elu, initialization: initialization)
    let plain = Conv2d(inputChannels: 2, outputChannels: 8, kernel: 3, initialization: initialization)
    #expect(gated.weight.value.elements == expected && plain.weight.value.elements == expected)
    #expect(gated.bias.value.elements.allSatisfy { $0 == 0 } && plain.bias!.value.elements.allSatisfy { $0 == 0 })
  }
}

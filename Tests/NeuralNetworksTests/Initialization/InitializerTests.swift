import NeuralNetworks
import Tensors
import Testing

@testable import Support

@Suite struct InitializerTests {
  /// Inputs 3 · 3 · 20 = 180, outputs 3 · 3 · 50 = 450.
  static let shape = [3, 3, 20, 50]

  private func drawn(_ initializer: Initializer, _ shape: Shape = shape) -> [Double] {
    var stream = RandomStream(seed: 1, purpose: "test")
    return initializer(shape, &stream).elements.map { Double($0) }
  }

  private func deviation(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }

  @Test func `uniform rules fill their range and have their deviation`() {
    for (initializer, bound) in [
      (Initializer.glorotUniform, (6.0 / 630).squareRoot()),
      (.kaimingUniform(), (6.0 / 180).squareRoot()),
      (.kaimingUniform(.output), (6.0 / 450).squareRoot()),
      (.kaimingUniform(.input, gain: 1), (3.0 / 180).squareRoot()),
    ] {
      let values = drawn(initializer)
      #expect(values.allSatisfy { Swift.abs($0) <= bound * 1.000_001 })
      #expect(values.max()! > 0.99 * bound && values.min()! < -0.99 * bound)
      #expect(abs(deviation(values) / (bound / 3.0.squareRoot()) - 1) < 0.03)
    }
  }

  @Test func `normal rules have their deviation`() {
    for (initializer, expected) in [
      (Initializer.kaimingNormal(), (2.0 / 180).squareRoot()), (.kaimingNormal(.output), (2.0 / 450).squareRoot()),
      (.normal(deviation: 0.02), 0.02),
      // Cut at two deviations, a normal distribution keeps 0.8796 of its own.
      (.truncatedNormal(deviation: 0.5), 0.4398),
    ] {
      let values = drawn(initializer)
      #expect(abs(deviation(values) / expected - 1) < 0.03)
      #expect(abs(values.reduce(0, +) / Double(values.count)) < 0.05 * expected)
    }
    #expect(drawn(.truncatedNormal(deviation: 0.5)).allSatisfy { Swift.abs($0) <= 1 })
    #expect(drawn(.normal(deviation: 0.5)).contains { Swift.abs($0) > 1 })
  }

  @Test func `a matrix has its own sizes as fans`() {
    let bound = (6.0 / 7).squareRoot()
    #expect(drawn(.glorotUniform, [3, 4]).allSatisfy { Swift.abs($0) <= bound })
    #expect(drawn(.zeros).allSatisfy { $0 == 0 })
  }
}

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

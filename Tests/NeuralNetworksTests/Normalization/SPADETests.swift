import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SPADETests {
  private func layer(
    _ channels: Int, map: Int, hidden: Int, norm: SPADE.Norm = .instance
  ) -> SPADE {
    let layer = SPADE(
      channels: channels, mapChannels: map, hidden: hidden, norm: norm, initialization: Initialization(seed: 0))
    for (number, parameter) in layer.parameters.enumerated() { parameter.assign(filled(number, parameter.shape)) }
    return layer
  }

  /// A parameter of the published values, which count filters in PyTorch's order.
  private func filled(_ number: Int, _ shape: Shape) -> Tensor {
    guard shape.count == 4 else { return GoldenFill.parameter(number, shape) }
    return GoldenFill.parameter(number, [shape[3], shape[2], shape[0], shape[1]]).permuted([2, 3, 1, 0])
  }

  /// One channel a class, at twice the size of the features.
  private var map: Tensor {
    .oneHot(
      (0..<2 * 144).map { index in
        let (picture, row, column) = (index / 144, index / 12 % 12, index % 12)
        return ((3 * row + column) % 5 + 2 * picture) % 5
      }, shape: [2, 12, 12, 5])
  }

  /// Made with the public program's definition in float64.
  @Test func `values and gradients agree with the published ones`() {
    let layer = layer(4, map: 5, hidden: 6)
    let x = Parameter(GoldenFill.features(2, 4, 6, 6))
    let output = layer(x.value, map: map)
    let limit = tolerance(1e-4, 1e-9)
    let expected = GoldenValue(
      sum: -52.3296525977, squares: 381.1669960589, first: -0.0429058731, last: 0.0481815329)
    #expect(expected.difference(fromFeatures: output) < limit)
    let slopes = valueWithGradient(at: [x] + layer.parameters) {
      dot(layer(x.value, map: map), GoldenFill.cotangent(ofFeatures: output.shape))
    }.gradient
    #expect(GoldenValue(sum: 0, squares: 236.3658431131).difference(fromFeatures: slopes[0]) < limit)
    for (index, squares) in [(1, 5733.4753537598), (3, 1933.7256318379), (5, 1278.0275493146)] {
      #expect(GoldenValue(squares: squares).difference(from: slopes[index]) < limit)
    }
  }

  @Test func `a map that says nothing new leaves features normalized, scaled and shifted alike everywhere`() {
    let layer = layer(3, map: 2, hidden: 4)
    layer.shared.weight.assign(.zeros(layer.shared.weight.shape))
    let x = Tensor.noise("x", [1, 8, 8, 3])
    let y = layer(x, map: .noise("map", [1, 8, 8, 2]))
    // Inside, where no zeros of the padding count.
    let inner = y.sliced([0..<1, 1..<7, 1..<7, 0..<3])
    let normalized = instanceNormalized(x).sliced([0..<1, 1..<7, 1..<7, 0..<3])
    let (scale, shift) = (
      layer.gamma(layer.shared(.zeros([1, 8, 8, 2]))), layer.beta(layer.shared(.zeros([1, 8, 8, 2])))
    )
    let expected =
      normalized * (1 + scale.sliced([0..<1, 1..<2, 1..<2, 0..<3])) + shift.sliced([0..<1, 1..<2, 1..<2, 0..<3])
    #expect(inner.largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `a batch's normalization has running statistics, which use takes, and no scale of its own`() {
    let layer = layer(2, map: 2, hidden: 2, norm: .batch)
    let (x, map) = (Tensor.noise("x", [2, 4, 4, 2]) * 3 + 1, Tensor.noise("map", [2, 4, 4, 2]))
    let trained = layer(x, map: map)
    #expect(layer.namedBuffers.map(\.name) == ["batchNorm.runningMean", "batchNorm.runningVariance"])
    #expect(layer.namedParameters.map(\.name).allSatisfy { !$0.hasPrefix("batchNorm") })
    #expect(layer.batchNorm!.runningMean.value.elements.contains { $0 != 0 })
    layer.setTraining(false)
    let used = layer(x, map: map)
    #expect(used.largestDifference(from: trained) > 0.1)
    layer.batchNorm!.runningMean.value = .zeros([2])
    layer.batchNorm!.runningVariance.value = Tensor(repeating: 1 - 1e-5, shape: [2])
    let activated = layer.shared(map)
    #expect(
      layer(x, map: map).largestDifference(from: x * (1 + layer.gamma(activated)) + layer.beta(activated))
        < tolerance(1e-4, 1e-12))
  }
}

@Suite struct SPADEResidualBlockTests {
  private func block(from inputs: Int, to outputs: Int, isNormalized: Bool = true) -> SPADEResidualBlock {
    SPADEResidualBlock(
      inputChannels: inputs, outputChannels: outputs, spectrallyNormalized: isNormalized, filters: .glorotUniform,
      initialization: Initialization(seed: 4)
    ) { SPADE(channels: $0, mapChannels: 3, hidden: 4, initialization: $1) }
  }

  private let x = Tensor.noise("x", [2, 6, 5, 4])
  private let map = Tensor.noise("map", [2, 6, 5, 3])

  /// The definition written down once more.
  @Test func `the branch has as many channels as the narrower side, and the shortcut no activation`() throws {
    let block = block(from: 4, to: 2, isNormalized: false)
    #expect(block.conv0.weight.shape == [3, 3, 4, 2] && block.conv1.weight.shape == [3, 3, 2, 2])
    let (shortcut, norm) = (try #require(block.shortcut), try #require(block.shortcutNorm))
    #expect(shortcut.bias == nil && shortcut.weight.shape == [1, 1, 4, 2])
    func leaky(_ x: Tensor) -> Tensor { relu(x) - 0.2 * relu(-x) }
    let first = block.conv0(leaky(block.norm0(x, map: map)))
    let expected = shortcut(norm(x, map: map)) + block.conv1(leaky(block.norm1(first, map: map)))
    #expect(block(x, map: map).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `with as many channels after as before the input is added as it is`() {
    let block = block(from: 4, to: 4)
    #expect(block.shortcut == nil && block.shortcutNorm == nil)
    let silent = self.block(from: 4, to: 4, isNormalized: false)
    silent.conv1.weight.assign(.zeros(silent.conv1.weight.shape))
    #expect(areIdentical(silent(x, map: map).elements, x.elements))
  }

  @Test func `its convolutions are spectrally normalized, those of the map are not`() {
    let names = block(from: 4, to: 2).namedBuffers.map(\.name)
    #expect(names == ["conv0.spectralNorm.u", "conv1.spectralNorm.u", "shortcut.spectralNorm.u"])
  }
}

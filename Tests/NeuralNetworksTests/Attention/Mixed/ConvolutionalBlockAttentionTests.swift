import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ConvolutionalBlockAttentionTests {
  typealias PlaneOrder = ConvolutionalBlockAttention.PlaneOrder

  private static let names = [
    "ChannelGate.mlp.1.weight", "ChannelGate.mlp.1.bias", "ChannelGate.mlp.3.weight", "ChannelGate.mlp.3.bias",
    "SpatialGate.spatial.conv.weight", "SpatialGate.spatial.bn.weight", "SpatialGate.spatial.bn.bias",
  ]
  private let x = GoldenFill.features(2, 8, 5, 6)

  private func module(
    channels: Int = 8, reduction: Int = 4, kernel: Int = 7, order: PlaneOrder = .maximumFirst, initZero: Bool = false
  ) -> ConvolutionalBlockAttention {
    var options = ConvolutionalBlockAttention.Options()
    options.reduction = reduction
    options.kernel = kernel
    options.order = order
    options.initZero = initZero
    return ConvolutionalBlockAttention(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `published values in use`() throws {
    let module = module()
    module.setTraining(false)
    let squares = [0.7439541197, 0.3701517177, 6.6055366535, 6.7222207931, 1.0585682951, 0.5924726030, 0.2705718455]
    let difference = try GoldenRun(module, names: Self.names, at: x).difference(
      fromOutput: GoldenValue(sum: 2.6829331970, squares: 11.6942127108, first: 0.0292087215, last: 0.1869340549),
      slopes: GoldenValue(squares: 11.8312501103),
      squares: Dictionary(uniqueKeysWithValues: zip(Self.names, squares)))
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `published values in training`() throws {
    let module = module()
    let difference = try GoldenRun(module, names: Self.names, at: x).difference(
      fromOutput: GoldenValue(sum: 2.9193704204, squares: 11.7240243354),
      slopes: GoldenValue(squares: 11.8549023597), squares: ["SpatialGate.spatial.conv.weight": 2.1728751720])
    #expect(difference < GoldenValue.tolerance)
    let normalization = module.spatialGate.normalization
    #expect(abs(Double(normalization.runningMean.value.scalar) + 0.0008589697) < tolerance(1e-7, 1e-10))
    #expect(abs(Double(normalization.runningVariance.value.scalar) - 0.9946659298) < tolerance(1e-6, 1e-10))
  }

  @Test func `values with the mean before the largest, as in the paper`() throws {
    let module = module(order: .meanFirst)
    module.setTraining(false)
    let difference = try GoldenRun(module, names: Self.names, at: x).difference(
      fromOutput: GoldenValue(sum: 2.8178306601, squares: 12.1692729043),
      slopes: GoldenValue(sum: -1.5267797729, squares: 12.9330552113))
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `channels first, then positions: swapping the order changes the output`() {
    let module = module()
    module.setTraining(false)
    let scaled = x * module.channelGate.weights(of: x)
    #expect(areIdentical(module(x).elements, (scaled * module.spatialGate.weights(of: scaled)).elements))
    let placed = x * module.spatialGate.weights(of: x)
    let swapped = placed * module.channelGate.weights(of: placed)
    #expect(module(x).largestDifference(from: swapped) > 1e-3)
  }

  @Test func `a spatial attention weight is height x width, a channel weight is one number a channel`() {
    let module = module()
    #expect(module.channelWeights(of: x).shape == [2, 1, 1, 8])
    #expect(module.spatialWeights(of: x).shape == [2, 5, 6, 1])
  }

  @Test func `the shared dense layers count once, and see the mean and the largest`() {
    let module = module(channels: 64, reduction: 16)
    #expect(module.parameterCount == 2 * 64 * 64 / 16 + 64 / 16 + 64 + 98 + 2)
    // A channel with the same mean and another largest number gets another weight.
    let flat = Tensor(repeating: 0.5, shape: [1, 1, 2, 64])
    let uneven = Tensor([0, 1], shape: [1, 1, 2, 1]) * Tensor.ones([1, 1, 2, 64])
    #expect(module.channelWeights(of: flat).largestDifference(from: module.channelWeights(of: uneven)) > 1e-3)
  }

  @Test func `a filter of 7x7 on two planes keeps the size`() {
    let gate = module().spatialGate
    #expect(gate.convolution.weight.shape == [7, 7, 2, 1])
    #expect(gate.weights(of: .noise("x", [1, 3, 2, 8])).shape == [1, 3, 2, 1])
  }

  @Test func `an untrained module halves all positions alike, and learns from there`() {
    let module = module(initZero: true)
    #expect(module.spatialWeights(of: x).elements.allSatisfy { $0 == 0.5 })
    let gate = module.spatialGate
    let slopes = valueWithGradient(at: [gate.normalization.weight!, gate.convolution.weight]) {
      dot(module(x), .noise("cotangent", x.shape))
    }.gradient
    #expect(slopes[0].scalar != 0)
    #expect(slopes[1].elements.allSatisfy { $0 == 0 })
  }

  @Test func `multiplications`() {
    let positions = 30
    #expect(
      module(channels: 64, reduction: 16).multiplyAdds(height: 5, width: 6)
        == 2 * 2 * 64 * 4 + 98 * positions + 2 * 64 * positions)
  }

  @Test func `what cannot be is said`() {
    var options = ConvolutionalBlockAttention.Options()
    #expect(ConvolutionalBlockAttention.problem(channels: 8, options: options) == nil)
    #expect(ConvolutionalBlockAttention.problem(channels: 0, options: options)?.contains("(0)") == true)
    options.kernel = 4
    #expect(ConvolutionalBlockAttention.problem(channels: 8, options: options)?.contains("kernel (4)") == true)
    options = ConvolutionalBlockAttention.Options()
    options.reduction = -1
    #expect(ConvolutionalBlockAttention.problem(channels: 8, options: options)?.contains("reduction (-1)") == true)
  }
}

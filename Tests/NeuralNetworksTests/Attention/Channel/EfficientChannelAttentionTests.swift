import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct EfficientChannelAttentionTests {
  private let x = GoldenFill.features(2, 8, 3, 4)

  private func layer(channels: Int = 8, kernel: Int? = nil) -> EfficientChannelAttention {
    var options = EfficientChannelAttention.Options()
    options.kernel = kernel
    return EfficientChannelAttention(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `published values`() throws {
    let difference = try GoldenRun(layer(), names: ["conv.weight"], at: x).difference(
      fromOutput: GoldenValue(sum: 2.2543860040, squares: 24.2480132280, first: 0.0531418564),
      slopes: GoldenValue(squares: 24.6245594024), squares: ["conv.weight": 12.2889878838])
    #expect(difference < GoldenValue.tolerance)
    #expect(layer().stateDictionary().map(\.value.shape) == [[1, 1, 3]])
  }

  @Test(arguments: [(1, 1), (4, 1), (8, 3), (64, 3), (128, 5), (256, 5), (512, 5), (1024, 5), (2048, 7), (96, 3)])
  func `the kernel grows with the logarithm of the channels`(channels: Int, kernel: Int) {
    #expect(EfficientChannelAttention.kernel(channels: channels) == kernel)
    #expect(layer(channels: channels).weight.shape == [kernel, 1, 1])
  }

  @Test func `another kernel can be asked for, as the published ResNet-50 does at 256 channels`() {
    #expect(layer(channels: 256, kernel: 3).parameterCount == 3)
  }

  /// The filter is wider than there are channels.
  @Test func `a channel sees its neighbors, and zeros beyond the last`() {
    let layer = layer(channels: 2, kernel: 5)
    layer.weight.assign(Tensor([1, 2, 3, 4, 5], shape: [5, 1, 1]))
    let weights = layer.channelWeights(of: Tensor([0.1, 0.2], shape: [1, 1, 1, 2]))
    let expected = sigmoid(Tensor([3 * 0.1 + 4 * 0.2, 2 * 0.1 + 3 * 0.2], shape: [1, 1, 1, 2]))
    #expect(weights.shape == [1, 1, 1, 2])
    #expect(weights.largestDifference(from: expected) < tolerance(1e-6, 1e-14))
  }

  @Test func `multiplications`() {
    #expect(layer(channels: 64).multiplyAdds(height: 5, width: 6) == 64 * 30 + 3 * 64)
  }

  @Test(arguments: [0, 2, -1])
  func `what cannot be is said`(_ kernel: Int) {
    var options = EfficientChannelAttention.Options()
    #expect(EfficientChannelAttention.problem(channels: 8, options: options) == nil)
    #expect(EfficientChannelAttention.problem(channels: -1, options: options)?.contains("(-1)") == true)
    options.kernel = kernel
    #expect(EfficientChannelAttention.problem(channels: 8, options: options)?.contains("kernel (\(kernel))") == true)
  }
}

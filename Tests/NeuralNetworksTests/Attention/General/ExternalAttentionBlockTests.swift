import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalAttentionBlockTests {
  private func block(channels: Int = 6, units: Int = 4, tied: Bool = false) -> ExternalAttentionBlock {
    var options = ExternalAttentionBlock.Options()
    options.memoryUnits = units
    options.tied = tied
    return ExternalAttentionBlock(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `values agree with those published`() throws {
    let block = block()
    block.setTraining(false)
    let run = try GoldenRun(block, at: GoldenFill.features(2, 6, 3, 4))
    let output = GoldenValue(sum: 61.9945531963, squares: 59.2601979948)
    #expect(run.difference(fromOutput: output, slopes: GoldenValue(squares: 43.1569904798)) < GoldenValue.tolerance)
    // By the block's definition in PyTorch.
    let squares = [
      "conv1.weight": 0.0002048648, "conv1.bias": 0, "linear_0.weight": 0.0001054254, "linear_1.weight": 0.1747556263,
      "conv2.0.weight": 0.5095650349, "conv2.1.weight": 0.1311757365, "conv2.1.bias": 39.6272477927,
    ]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `values start as the keys, in memory of their own`() {
    let (block, tied) = (block(), block(tied: true))
    let x = Tensor.wave([2, 3, 2, 6])
    #expect(block(x).largestDifference(from: tied(x)) < tolerance(1e-5, 1e-13))
    #expect(block.parameterCount - tied.parameterCount == 24)
    block.memory.values!.assign(.ones([4, 6]))
    #expect(areIdentical(block.memory.keys.value.elements, tied.memory.keys.value.elements))
  }

  @Test(arguments: [false, true])
  func `gradients of order 1 and 2 agree with finite differences`(_ tied: Bool) {
    let block = block(channels: 3, units: 2, tied: tied)
    block.fillWithWaves()
    block.setTraining(false)
    #expect(GradientCheck.largestError(of: block, at: .wave([2, 2, 3, 3])) < GradientCheck.tolerance)
  }

  @Test func `without what the memory tells, it is a ReLU`() {
    let block = block()
    block.normalization.weight?.assign(.zeros([6]))
    let x = Tensor.wave([2, 3, 2, 6])
    #expect(areIdentical(block(x).elements, relu(x).elements))
  }

  @Test func `2NCS multiplications of the memory and 2NC² of the convolutions`() {
    #expect(block().multiplyAdds(height: 3, width: 5) == 2 * 15 * 6 * 4 + 2 * 15 * 36)
  }

  @Test func `names elsewhere and in checkpoints`() {
    #expect(
      block().portedWeights.map(\.name) == [
        "conv1.weight", "conv1.bias", "linear_0.weight", "linear_1.weight", "conv2.0.weight", "conv2.1.weight",
        "conv2.1.bias", "conv2.1.running_mean", "conv2.1.running_var",
      ])
    #expect(
      block().namedParameters.map(\.name) == [
        "inputConvolution.weight", "inputConvolution.bias", "memory.keys", "memory.values",
        "outputConvolution.weight", "normalization.weight", "normalization.bias",
      ])
    #expect(ExternalAttentionBlock.problem(channels: 0)?.contains("channels (0)") == true)
  }
}

import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalAttentionTests {
  private func layer(units: Int = 4, tied: Bool = false) -> ExternalAttention {
    var options = ExternalAttention.Options()
    options.memoryUnits = units
    options.tied = tied
    return ExternalAttention(channels: 6, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `values agree with those published`() throws {
    let run = try GoldenRun(layer(), at: .wave([2, 5, 6]))
    let output = GoldenValue(sum: 2.7951916679, squares: 3.6405001272, first: 0.2518162809)
    let slope = GoldenValue(sum: 0, squares: 0.0033754658)
    #expect(run.difference(fromOutput: output, slopes: slope) < GoldenValue.tolerance)
    let squares = ["mk.weight": 0.0124792777, "mv.weight": 1.7681296891]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `features are the sequence of their positions`() {
    let layer = layer()
    let features = Tensor.wave([2, 3, 4, 6])
    let tokens = features.reshaped(to: [2, 12, 6])
    #expect(layer(features).shape == features.shape)
    #expect(areIdentical(layer(features).elements, layer(tokens).elements))
  }

  @Test func `tied, keys are values`() throws {
    let tied = layer(tied: true)
    #expect(tied.parameterCount == 24 && layer().parameterCount == 48)
    #expect(tied.portedWeights.map(\.name) == ["mk.weight"])
    let untied = layer()
    let keys = tied.stateDictionary()[0].value
    try untied.load { $0 == "mk.weight" ? keys : keys.transposed() }
    let x = Tensor.wave([2, 5, 6])
    #expect(tied(x).largestDifference(from: untied(x)) < tolerance(1e-6, 1e-14))
  }

  @Test func `as published there are 64 units, and 2NCS multiplications`() {
    let layer = ExternalAttention(channels: 10, initialization: Initialization(seed: 1))
    #expect(layer.parameterCount == 2 * 10 * 64)
    #expect(layer.multiplyAdds(height: 3, width: 5) == 2 * 15 * 10 * 64)
  }

  @Test func `what cannot be built is told`() {
    #expect(ExternalAttention.problem(channels: 8) == nil)
    #expect(ExternalAttention.problem(channels: 0)?.contains("channels (0)") == true)
    var options = ExternalAttention.Options()
    options.memoryUnits = 0
    #expect(ExternalAttention.problem(channels: 8, options: options)?.contains("memory units (0)") == true)
  }
}

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

@Suite struct ExternalMemoryTests {
  private func memory(_ values: ExternalMemory.Values, bias: Bool = false) -> ExternalMemory {
    ExternalMemory(
      channels: 3, units: 4, values: values, bias: bias, epsilon: 1e-9, initialization: Initialization(seed: 1))
  }

  @Test func `a softmax over the tokens, then a division by the sum over the units`() {
    let memory = memory(.own)
    let tokens = Tensor.wave([1, 5, 3])
    let logits = matmul(tokens, memory.keys.value)
    let shared = softmax(logits, axis: 1)
    let expected = (shared / shared.sum(axes: [2])).permuted([0, 2, 1])
    #expect(memory.weights(of: tokens).largestDifference(from: expected) < tolerance(1e-6, 2e-8))
    #expect(memory.weights(of: tokens).largestDifference(from: softmax(logits, axis: 2).permuted([0, 2, 1])) > 1e-2)
  }

  @Test(arguments: [false, true])
  func `a token's weights have the sum 1`(_ bias: Bool) {
    let memory = memory(.own, bias: bias)
    memory.fillWithWaves()
    let sums = memory.weights(of: .wave([2, 6, 3])).sum(axes: [1])
    #expect(sums.largestDifference(from: .ones([2, 1, 6])) < tolerance(1e-6, 1e-7))
  }

  @Test func `biases of keys have no gradient, as the softmax takes them away`() {
    let memory = memory(.own, bias: true)
    memory.fillWithWaves()
    let slopes = valueWithGradient(at: [memory.keyBias!, memory.valueBias!]) {
      (memory(.wave([2, 6, 3])) * .wave([2, 6, 3], frequency: 0.9)).sum()
    }.gradient
    #expect(slopes[0].largestDifference(from: .zeros([4])) < tolerance(1e-6, 1e-14))
    #expect(slopes[1].largestDifference(from: .zeros([3])) > 0.1)
  }

  @Test func `values may be the keys, start as the keys, or be their own`() {
    let (tied, starting, own) = (memory(.keys), memory(.startingAsKeys), memory(.own))
    let tokens = Tensor.wave([2, 5, 3])
    #expect(tied.parameterCount == 12 && starting.parameterCount == 24)
    #expect(starting(tokens).largestDifference(from: tied(tokens)) < tolerance(1e-6, 1e-14))
    #expect(own(tokens).largestDifference(from: tied(tokens)) > 1e-2)
    starting.values!.assign(.zeros([4, 3]))
    #expect(areIdentical(starting.keys.value.elements, tied.keys.value.elements))
  }
}

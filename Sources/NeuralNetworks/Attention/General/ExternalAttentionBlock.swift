import Tensors

/// External attention as a residual block of a network (Guo et al., 2021, figure 1 and the published EANet): a 1x1
/// convolution, the memory, another 1x1 convolution without bias and with batch normalization; the input is added, and
/// a ReLU ends it.
///
/// Values are parameters of their own that start as the keys. In the published code both start in one piece of memory,
/// and part when the network moves to a GPU; `tied` keeps them together.
package final class ExternalAttentionBlock: ConfigurableAttention {
  package typealias Options = ExternalAttention.Options

  /// 1x1, as many channels as there are.
  let inputConvolution: Conv2d
  let memory: ExternalMemory
  let outputConvolution: Conv2d
  /// The counterpart of a residual block's gate: with its weight at 0 the block is a ReLU.
  let normalization: BatchNorm2d

  /// The number that is added to the sum of a token's weights before they are divided by it.
  private static let epsilon: Scalar = 1e-9

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ExternalAttentionBlock \(initialization.name): \(problem)")
    }
    inputConvolution = Conv2d(
      inputChannels: channels, outputChannels: channels, kernel: 1, initialization: initialization["inputConvolution"])
    memory = ExternalMemory(
      channels: channels, units: options.memoryUnits, values: options.tied ? .keys : .startingAsKeys,
      epsilon: Self.epsilon, initialization: initialization["memory"])
    outputConvolution = Conv2d(
      inputChannels: channels, outputChannels: channels, kernel: 1, bias: false,
      initialization: initialization["outputConvolution"])
    normalization = BatchNorm2d(channels: channels)
  }

  /// Reason against such a block, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    ExternalAttention.problem(channels: channels, options: options)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let asked = inputConvolution(x)
    let told = memory(asked.tokens("ExternalAttentionBlock")).reshaped(to: x.shape)
    return relu(normalization(outputConvolution(told)) + x)
  }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    let channels = memory.keys.shape[0]
    return memory.multiplyAdds(tokens: height * width) + 2 * height * width * channels * channels
  }

  /// Named as in EANet. Tied, the keys alone have a name: a state dictionary's values are left alone.
  package var portedWeights: [PortedWeight] {
    [
      PortedWeight("conv1.weight", inputConvolution.weight, .outputsFirst),
      PortedWeight("conv1.bias", inputConvolution.bias!),
      PortedWeight("linear_0.weight", memory.keys, .pointwise),
    ] + (memory.values.map { [PortedWeight("linear_1.weight", $0, .pointwise)] } ?? []) + [
      PortedWeight("conv2.0.weight", outputConvolution.weight, .outputsFirst),
      PortedWeight("conv2.1.weight", normalization.weight!),
      PortedWeight("conv2.1.bias", normalization.bias!),
      PortedWeight("conv2.1.running_mean", normalization.runningMean),
      PortedWeight("conv2.1.running_var", normalization.runningVariance),
    ]
  }
}

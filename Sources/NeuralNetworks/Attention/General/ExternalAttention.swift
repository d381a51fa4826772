package import Support
package import Tensors

/// External attention in its smallest form: two linear layers without biases, whose weights are a memory that all
/// samples share, and a double normalization between them (Guo et al., 2021, "Beyond Self-attention", eq. 5 and 6).
///
/// With keys Mk and values Mv, [units, channels] each, and N tokens x:
///
///     A = softmax over the tokens of (x · Mkᵀ)         [tokens, units]
///     y = (A / the sum of A over the units) · Mv       [tokens, channels]
///
/// The cost grows with N, not with N². The tokens are the positions of [batch, height, width, channels], or given as
/// [batch, tokens, channels]; the output has the input's shape.
package final class ExternalAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of keys and values in the memory.
    package var memoryUnits = 64
    /// True if the keys are also the values, which halves the parameters.
    package var tied = false

    package init() {}

    package init(_ reader: JSONReader) throws {
      memoryUnits = try reader.integer("memory_units", in: 1...4096, default: memoryUnits)
      tied = try reader.boolean("tied", default: tied)
    }
  }

  let memory: ExternalMemory

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ExternalAttention \(initialization.name): \(problem)")
    }
    memory = ExternalMemory(
      channels: channels, units: options.memoryUnits, values: options.tied ? .keys : .own,
      initialization: initialization["memory"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    ExternalMemory.problem(channels: channels, units: options.memoryUnits)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { memory(x.tokens("ExternalAttention")).reshaped(to: x.shape) }

  package func multiplyAdds(height: Int, width: Int) -> Int { memory.multiplyAdds(tokens: height * width) }

  /// Named as in the ports that consist of two linear layers. If tied, only the keys have a name, and a state
  /// dictionary's values are not loaded.
  package var portedWeights: [PortedWeight] {
    [PortedWeight("mk.weight", memory.keys, .transposed)]
      + (memory.values.map { [PortedWeight("mv.weight", $0, .transposed)] } ?? [])
  }
}

/// External attention as a residual block (Guo et al., 2021, figure 1 and the published EANet): a 1x1 convolution, the
/// memory, another 1x1 convolution without bias, batch normalization, the addition of the input, and a ReLU.
///
/// The values are parameters that are initialized with the keys. In the published code both share storage at first, and
/// are separated when the network moves to a GPU; `tied` keeps them shared.
package final class ExternalAttentionBlock: ConfigurableAttention {
  package typealias Options = ExternalAttention.Options

  /// 1x1, with as many output as input channels.
  let inputConvolution: Conv2d
  let memory: ExternalMemory
  let outputConvolution: Conv2d
  /// The last layer of the residual branch: with a weight of 0 the block is a ReLU.
  let normalization: BatchNorm2d

  /// Added to the sum of a token's weights before the division by it.
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

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
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

  /// Named as in EANet. If tied, only the keys have a name, and a state dictionary's values are not loaded.
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

/// The keys and values of external attention, which are learned and the same for all samples (Guo et al., 2021, eq. 5
/// and 6).
///
/// The weights are a softmax over the tokens for each unit, then divided by their sum over the units for each token.
/// This is not a softmax over the units.
final class ExternalMemory: Module {
  /// [channels, units].
  let keys: Parameter
  /// [units, channels]; nil if the transposed keys are the values.
  let values: Parameter?
  /// The optional biases, [units] and [channels].
  let keyBias: Parameter?
  let valueBias: Parameter?
  private let epsilon: Scalar

  /// The initialization of the values.
  enum Values {
    /// No parameter: the keys are the values.
    case keys
    /// A parameter that is initialized with the keys.
    case startingAsKeys
    /// A parameter that is initialized by the network's rule.
    case own
  }

  /// - Parameters:
  ///   - units: The number of keys.
  ///   - bias: True to add biases to the products with the keys and to the output.
  ///   - epsilon: Added to the sum of a token's weights before the division by it.
  init(
    channels: Int, units: Int, values: Values, bias: Bool = false, epsilon: Scalar = 0, initialization: Initialization
  ) {
    let keys = initialization.weight([channels, units], "keys")
    self.keys = keys
    self.values =
      switch values {
      case .keys: nil
      case .startingAsKeys: Parameter(keys.value.transposed())
      case .own: initialization.weight([units, channels], "values")
      }
    keyBias = bias ? Parameter(.zeros([units])) : nil
    valueBias = bias ? Parameter(.zeros([channels])) : nil
    self.epsilon = epsilon
  }

  /// - Parameter tokens: [batch, tokens, channels].
  /// - Returns: The output for each token, of the same shape.
  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let weights = weights(of: tokens)
    let told =
      values.map { matmul(weights, $0.value, transposeLeft: true) }
      ?? matmul(weights, keys.value, transposeLeft: true, transposeRight: true)
    return valueBias.map { told + $0.value } ?? told
  }

  /// - Parameter tokens: [batch, tokens, channels].
  /// - Returns: The weight of each unit for each token, [batch, units, tokens]; a token's weights sum to 1.
  func weights(of tokens: Tensor) -> Tensor {
    let products = matmul(keys.value, tokens, transposeLeft: true, transposeRight: true)
    let shared = softmax(keyBias.map { products + $0.value.reshaped(to: [-1, 1]) } ?? products)
    let sums = shared.sum(axes: [1])
    return shared / (epsilon == 0 ? sums : sums + epsilon)
  }

  /// The multiply-adds for a number of tokens.
  func multiplyAdds(tokens: Int) -> Int { 2 * tokens * keys.shape[0] * keys.shape[1] }

  /// The reason why the sizes are invalid, as a sentence; nil if they are valid.
  static func problem(channels: Int, units: Int) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if !(1...65_536).contains(units) { return "the number of memory units (\(units)) must be from 1 to 65536" }
    return nil
  }
}

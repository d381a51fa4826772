package import Support
package import Tensors

/// External attention in its smallest form: two linear layers without biases, whose weights are a memory that all
/// pictures share, and a double normalization between them (Guo et al., 2021, "Beyond Self-attention", eq. 5 and 6).
///
/// With keys Mk and values Mv, [units, channels] each, and N tokens x:
///
///     A = softmax over the tokens of (x · Mkᵀ)         [tokens, units]
///     y = (A / the sum of A over the units) · Mv       [tokens, channels]
///
/// The cost grows with N, not with N². Tokens are the positions of features, [batch, height, width, channels], or what
/// they are told to be, [batch, tokens, channels]; the output has the input's shape.
package final class ExternalAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of keys and values in the memory.
    package var memoryUnits = 64
    /// True if the keys serve as values too, which halves the parameters.
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

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    ExternalMemory.problem(channels: channels, units: options.memoryUnits)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { memory(x.tokens("ExternalAttention")).reshaped(to: x.shape) }

  package func multiplyAdds(height: Int, width: Int) -> Int { memory.multiplyAdds(tokens: height * width) }

  /// Named as in the ports that are made of two linear layers. Tied, the keys alone have a name: a state dictionary's
  /// values are left alone.
  package var portedWeights: [PortedWeight] {
    [PortedWeight("mk.weight", memory.keys, .transposed)]
      + (memory.values.map { [PortedWeight("mv.weight", $0, .transposed)] } ?? [])
  }
}

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

/// The keys and values that external attention looks at in place of the features: learned, and the same for all
/// pictures (Guo et al., 2021, eq. 5 and 6).
///
/// Each unit of the memory divides its attention among the tokens, a softmax over them; then each token's weights are
/// divided by their sum. A softmax over the units would be something else.
final class ExternalMemory: Module {
  /// [channels, units].
  let keys: Parameter
  /// [units, channels]; nil if the keys, transposed, serve as values.
  let values: Parameter?
  /// [units] and [channels].
  let keyBias: Parameter?
  let valueBias: Parameter?
  private let epsilon: Scalar

  /// The origin of the values.
  enum Values {
    /// The keys, always.
    case keys
    /// A parameter that starts as the keys.
    case startingAsKeys
    /// A parameter that starts by the rule of the network.
    case own
  }

  /// - Parameters:
  ///   - units: How many keys there are.
  ///   - bias: True if numbers are added to what the units and what the channels get.
  ///   - epsilon: The number that is added to the sum that a token's weights are divided by.
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
  /// - Returns: What the memory tells each token, of the same shape.
  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let weights = weights(of: tokens)
    let told =
      values.map { matmul(weights, $0.value, transposeLeft: true) }
      ?? matmul(weights, keys.value, transposeLeft: true, transposeRight: true)
    return valueBias.map { told + $0.value } ?? told
  }

  /// - Parameter tokens: [batch, tokens, channels].
  /// - Returns: What each token draws from each unit, [batch, units, tokens]; a token's weights have the sum 1.
  func weights(of tokens: Tensor) -> Tensor {
    let products = matmul(keys.value, tokens, transposeLeft: true, transposeRight: true)
    let shared = softmax(keyBias.map { products + $0.value.reshaped(to: [-1, 1]) } ?? products)
    let sums = shared.sum(axes: [1])
    return shared / (epsilon == 0 ? sums : sums + epsilon)
  }

  /// The multiplications with an addition for so many tokens.
  func multiplyAdds(tokens: Int) -> Int { 2 * tokens * keys.shape[0] * keys.shape[1] }

  /// Reason against memory of such sizes, in a sentence; nil if there is none.
  static func problem(channels: Int, units: Int) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if !(1...65_536).contains(units) { return "the number of memory units (\(units)) must be from 1 to 65536" }
    return nil
  }
}

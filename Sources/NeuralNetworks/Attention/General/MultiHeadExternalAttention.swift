package import Support
package import Tensors

/// External attention with several heads (Guo et al., 2021, section 3.3): a linear layer expands the channels, which
/// are split into heads; one small memory serves all heads; and a linear layer projects back to the channels.
///
/// As published, there are `heads · expansion` heads of channels / heads channels each, a memory of 64 units, and
/// biases everywhere. Input and output are [batch, height, width, channels] or [batch, tokens, channels].
///
/// The keys have biases, as published, but these never learn: the softmax over the tokens cancels them.
package final class MultiHeadExternalAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of heads before the expansion.
    package var heads = 8
    /// The factor by which channels, and heads, are expanded.
    package var expansion = 4
    /// The number of keys and values in the memory.
    package var memoryUnits = 64

    package init() {}

    package init(_ reader: JSONReader) throws {
      heads = try reader.integer("heads", in: 1...256, default: heads)
      expansion = try reader.integer("expansion", in: 1...16, default: expansion)
      memoryUnits = try reader.integer("memory_units", in: 1...4096, default: memoryUnits)
    }
  }

  /// The linear layer from the channels to `expansion` times as many; `projection` is the one back.
  let expansion: Linear
  /// The memory, for tokens of one head's channels.
  let memory: ExternalMemory
  let projection: Linear

  /// Added to the sum of a token's weights before the division by it.
  private static let epsilon: Scalar = 1e-9

  /// - Parameter channels: A multiple of the number of heads.
  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("MultiHeadExternalAttention \(initialization.name): \(problem)")
    }
    let widened = channels * options.expansion
    expansion = Linear(inputs: channels, outputs: widened, initialization: initialization["expansion"])
    memory = ExternalMemory(
      channels: channels / options.heads, units: options.memoryUnits, values: .own, bias: true, epsilon: Self.epsilon,
      initialization: initialization["memory"])
    projection = Linear(inputs: widened, outputs: channels, initialization: initialization["projection"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    if let problem = ExternalMemory.problem(channels: channels, units: options.memoryUnits) { return problem }
    if options.heads < 1 || channels % options.heads != 0 {
      return "the number of channels (\(channels)) must be a multiple of the number of heads (\(options.heads))"
    }
    if !(1...64).contains(options.expansion) { return "the expansion (\(options.expansion)) must be from 1 to 64" }
    return nil
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let tokens = x.tokens("MultiHeadExternalAttention")
    let (batch, count) = (tokens.shape[0], tokens.shape[1])
    let (widened, size) = (expansion.weight.shape[1], memory.keys.shape[0])
    let heads = expansion(tokens).reshaped(to: [batch, count, widened / size, size]).permuted([0, 2, 1, 3])
    let told = memory(heads.reshaped(to: [batch * widened / size, count, size])).reshaped(to: heads.shape)
    return projection(told.permuted([0, 2, 1, 3]).reshaped(to: [batch, count, widened])).reshaped(to: x.shape)
  }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (tokens, channels, widened) = (height * width, expansion.weight.shape[0], expansion.weight.shape[1])
    return 2 * tokens * channels * widened + memory.multiplyAdds(tokens: tokens * widened / memory.keys.shape[0])
  }

  /// Named as in the published transformer.
  package var portedWeights: [PortedWeight] {
    [
      PortedWeight("trans_dims.weight", expansion.weight, .transposed),
      PortedWeight("trans_dims.bias", expansion.bias!),
      PortedWeight("linear_0.weight", memory.keys, .transposed),
      PortedWeight("linear_0.bias", memory.keyBias!),
      PortedWeight("linear_1.weight", memory.values!, .transposed),
      PortedWeight("linear_1.bias", memory.valueBias!),
      PortedWeight("proj.weight", projection.weight, .transposed),
      PortedWeight("proj.bias", projection.bias!),
    ]
  }
}

import Support
import Tensors

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

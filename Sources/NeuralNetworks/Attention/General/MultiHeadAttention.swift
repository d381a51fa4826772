package import Support
package import Tensors

/// Multi-head attention (Vaswani et al., 2017, section 3.2.2), with a choice of how queries and keys are compared.
///
/// Linear layers make queries, keys and values of all tokens; each head, on its own share of their channels, compares
/// each query with all keys, takes a softmax over the keys, and sums the values with these weights; a linear layer
/// mixes what the heads found. Nothing is added to it: it is no residual block. Tokens are the positions of features,
/// [batch, height, width, channels], or what they are told to be, [batch, tokens, channels]; the output has the input's
/// shape.
///
/// A map of all queries and keys is never whole in memory, and made anew for the gradient.
package final class MultiHeadAttention: MappedAttention, ConfigurableAttention {
  /// The comparison of a query q and a key k, with parameters of each head's own.
  package enum Similarity: String, CaseIterable, Sendable {
    /// qᵀk.
    case dot
    /// qᵀk / √d, d being a head's channels (Vaswani et al., 2017, eq. 1).
    case scaledDot = "scaled_dot"
    /// qᵀWk (Luong et al., 2015, eq. 8).
    case general
    /// wᵀReLU([q; k]). As it is the sum of a number of the query and a number of the key, the softmax over keys takes
    /// the former away: all queries draw alike, the half of w that they have gets no gradient, and the cost grows with
    /// the number of tokens, not with its square.
    case concatenation
    /// vᵀtanh(W₁q + W₂k), with d hidden units (Bahdanau et al., 2015, A.1.2). No product of matrices makes it: for N
    /// tokens each head has N · N · d numbers to add and to take hyperbolic tangents of, in blocks of queries, and
    /// again for the gradient. Slow, and meant for small features.
    case perceptron
  }

  package struct Options: AttentionOptions {
    /// The number of heads that share the channels.
    package var heads = 8
    package var similarity = Similarity.scaledDot

    package init() {}

    package init(_ reader: JSONReader) throws {
      heads = try reader.integer("heads", in: 1...256, default: heads)
      similarity = try reader.choice("similarity", default: similarity)
    }
  }

  /// Queries, keys and values of all heads, in this order.
  package let inputProjection: Linear
  let similarity: HeadSimilarity
  package let outputProjection: Linear
  private let heads: Int
  /// The bytes that the largest tensor between queries and keys may take, about.
  var blockBytes = 32 << 20

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("MultiHeadAttention \(initialization.name): \(problem)")
    }
    heads = options.heads
    inputProjection = Linear(
      inputs: channels, outputs: 3 * channels, initialization: initialization["inputProjection"])
    similarity = HeadSimilarity(
      options.similarity, heads: heads, size: channels / heads, initialization: initialization["similarity"])
    outputProjection = Linear(
      inputs: channels, outputs: channels, initialization: initialization["outputProjection"])
  }

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if options.heads < 1 || channels % options.heads != 0 {
      return "the number of channels (\(channels)) must be a multiple of the number of heads (\(options.heads))"
    }
    return nil
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { self(x, context: x) }

  /// The mixture that each token of x draws from tokens elsewhere.
  ///
  /// - Parameters:
  ///   - x: Features or tokens.
  ///   - context: Features or tokens, as many pictures with as many channels.
  /// - Returns: The shape of x.
  package func callAsFunction(_ x: Tensor, context: Tensor) -> Tensor {
    let (queries, context) = (x.tokens("MultiHeadAttention"), context.tokens("MultiHeadAttention"))
    precondition(
      queries.shape[0] == context.shape[0] && context.shape[1] > 0,
      "MultiHeadAttention: tokens of shape \(queries.shape) cannot draw from those of shape \(context.shape)")
    let drawn = similarity(
      projected(queries, to: 0), projected(context, to: 1), projected(context, to: 2), bytes: blockBytes)
    let (batch, count) = (queries.shape[0], queries.shape[1])
    let joined = drawn.reshaped(to: [heads, batch, count, -1]).permuted([1, 2, 0, 3]).reshaped(to: queries.shape)
    return outputProjection(joined).reshaped(to: x.shape)
  }

  /// Weights with which a position draws from all positions: the mean of all heads'.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && (0..<x.shape[1]).contains(row) && (0..<x.shape[2]).contains(column),
      "MultiHeadAttention: shape \(x.shape) has no position in row \(row), column \(column)")
    let tokens = x.tokens("MultiHeadAttention")
    let position = row * x.shape[2] + column
    let query = tokens.sliced(axis: 1, position..<position + 1)
    return similarity.weights(of: projected(query, to: 0), projected(tokens, to: 1))
      .reshaped(to: [heads] + x.shape.dropLast()).mean(axes: [0]).reshaped(to: x.shape.dropLast())
  }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (tokens, channels) = (height * width, outputProjection.weight.shape[0])
    return 4 * tokens * channels * channels + similarity.multiplyAdds(tokens: tokens, channels: channels)
  }

  /// Named as in PyTorch's layer, with what the similarity adds.
  package var portedWeights: [PortedWeight] {
    [
      PortedWeight("in_proj_weight", inputProjection.weight, .transposed),
      PortedWeight("in_proj_bias", inputProjection.bias!),
      PortedWeight("out_proj.weight", outputProjection.weight, .transposed),
      PortedWeight("out_proj.bias", outputProjection.bias!),
    ] + similarity.portedWeights.map { $0.named("similarity") }
  }

  /// - Parameter part: 0 for queries, 1 for keys, 2 for values.
  /// - Returns: From [batch, tokens, channels], [heads · batch, tokens, channels / heads].
  private func projected(_ tokens: Tensor, to part: Int) -> Tensor {
    let (batch, count, channels) = (tokens.shape[0], tokens.shape[1], tokens.shape[2])
    let weight = inputProjection.weight.value
    precondition(
      channels == weight.shape[0],
      "MultiHeadAttention: expected \(weight.shape[0]) channels, found \(channels)")
    let columns = part * channels..<(part + 1) * channels
    let projection =
      matmul(tokens.reshaped(to: [batch * count, channels]), weight.sliced(axis: 1, columns))
      + inputProjection.bias!.value.sliced(axis: 0, columns)
    return projection.reshaped(to: [batch, count, heads, channels / heads]).permuted([2, 0, 1, 3])
      .reshaped(to: [heads * batch, count, channels / heads])
  }
}

extension Tensor {
  /// Features, [batch, height, width, channels], as a sequence of their positions, [batch, height · width, channels];
  /// what is a sequence stays.
  ///
  /// - Parameter user: Who asks, for the message if it is neither.
  func tokens(_ user: StaticString) -> Tensor {
    precondition(
      rank == 3 || rank == 4,
      "\(user): expected [batch, height, width, channels] or [batch, tokens, channels], found shape \(shape)")
    return rank == 3 ? self : reshaped(to: [shape[0], shape[1] * shape[2], shape[3]])
  }
}

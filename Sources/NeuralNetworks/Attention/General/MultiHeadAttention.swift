package import Support
package import Tensors

/// Multi-head attention (Vaswani et al., 2017, section 3.2.2), with a choice of similarity functions.
///
/// Linear layers project all tokens to queries, keys and values. Each head, on its own share of their channels,
/// compares each query with all keys, takes a softmax over the keys, and sums the values with these weights. A linear
/// layer mixes the heads' outputs. There is no residual connection. Tokens are the positions of
/// [batch, height, width, channels], or given as [batch, tokens, channels]; the output has the input's shape.
///
/// The attention map is computed in blocks and never whole in memory; it is recomputed for the gradient.
package final class MultiHeadAttention: MappedAttention, ConfigurableAttention {
  /// The similarity of a query q and a key k. Its parameters are separate for each head.
  package enum Similarity: String, CaseIterable, Sendable {
    /// qᵀk.
    case dot
    /// qᵀk / √d, where d is the number of channels per head (Vaswani et al., 2017, eq. 1).
    case scaledDot = "scaled_dot"
    /// qᵀWk (Luong et al., 2015, eq. 8).
    case general
    /// wᵀReLU([q; k]). This is the sum of a term of the query and a term of the key, and the softmax over the keys
    /// cancels the former: all queries get the same weights, their half of w gets no gradient, and the cost is linear
    /// in the number of tokens.
    case concatenation
    /// vᵀtanh(W₁q + W₂k), with d hidden units (Bahdanau et al., 2015, A.1.2). It is not a matrix product: for N tokens
    /// each head computes N · N · d sums and hyperbolic tangents, in blocks of queries, and again for the gradient.
    /// Slow; meant for small features.
    case perceptron
  }

  package struct Options: AttentionOptions {
    /// The number of heads, which divides the number of channels.
    package var heads = 8
    package var similarity = Similarity.scaledDot

    package init() {}

    package init(_ reader: JSONReader) throws {
      heads = try reader.integer("heads", in: 1...256, default: heads)
      similarity = try reader.choice("similarity", default: similarity)
    }
  }

  /// The projection to the queries, keys and values of all heads, in this order.
  package let inputProjection: Linear
  let similarity: HeadSimilarity
  package let outputProjection: Linear
  private let heads: Int
  /// The approximate maximum of bytes for the largest tensor over queries and keys.
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

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options = Options()) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if options.heads < 1 || channels % options.heads != 0 {
      return "the number of channels (\(channels)) must be a multiple of the number of heads (\(options.heads))"
    }
    return nil
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { self(x, context: x) }

  /// Cross-attention: each token of `x` attends to the tokens of `context`.
  ///
  /// - Parameters:
  ///   - x: Features or tokens.
  ///   - context: Features or tokens, with the same batch size and channels.
  /// - Returns: A tensor of the shape of `x`.
  package func callAsFunction(_ x: Tensor, context: Tensor) -> Tensor {
    let (queries, context) = (x.tokens("MultiHeadAttention"), context.tokens("MultiHeadAttention"))
    precondition(
      queries.shape[0] == context.shape[0] && context.shape[1] > 0,
      "MultiHeadAttention: tokens of shape \(queries.shape) cannot attend to those of shape \(context.shape)")
    let drawn = similarity(
      projected(queries, to: 0), projected(context, to: 1), projected(context, to: 2), bytes: blockBytes)
    let (batch, count) = (queries.shape[0], queries.shape[1])
    let joined = drawn.reshaped(to: [heads, batch, count, -1]).permuted([1, 2, 0, 3]).reshaped(to: queries.shape)
    return outputProjection(joined).reshaped(to: x.shape)
  }

  /// The weights with which a position attends to all positions: the mean over the heads.
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

  /// Named as in PyTorch's `MultiheadAttention`, with the parameters of the similarity.
  package var portedWeights: [PortedWeight] {
    [
      PortedWeight("in_proj_weight", inputProjection.weight, .transposed),
      PortedWeight("in_proj_bias", inputProjection.bias!),
      PortedWeight("out_proj.weight", outputProjection.weight, .transposed),
      PortedWeight("out_proj.bias", outputProjection.bias!),
    ] + similarity.portedWeights.map { $0.named("similarity") }
  }

  /// - Parameter part: 0 for queries, 1 for keys, 2 for values.
  /// - Returns: The projection of [batch, tokens, channels] to [heads · batch, tokens, channels / heads].
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
  /// Features, [batch, height, width, channels], as a sequence of tokens, [batch, height · width, channels]; a sequence
  /// is returned as it is.
  ///
  /// - Parameter user: The caller's name, for the message of a failure.
  func tokens(_ user: StaticString) -> Tensor {
    precondition(
      rank == 3 || rank == 4,
      "\(user): expected [batch, height, width, channels] or [batch, tokens, channels], found shape \(shape)")
    return rank == 3 ? self : reshaped(to: [shape[0], shape[1] * shape[2], shape[3]])
  }
}

import Tensors

/// The similarity of the queries of each head to the keys, and the resulting weights.
///
/// Heads come first: the axis `heads · batch` holds the first head of all samples, then the second, and so on. Each
/// head has its own parameters, for `size` channels.
final class HeadSimilarity: Module {
  let kind: MultiHeadAttention.Similarity
  private let size: Int
  /// The matrix W of `general` or W₁ of `perceptron`: [heads, size, size].
  let queryWeight: Parameter?
  /// The matrix W₂ of `perceptron`, [heads, size, size].
  let keyWeight: Parameter?
  /// The vector w of `concatenation`, [heads, 2 · size, 1], or v of `perceptron`, [heads, size, 1].
  let scoreWeight: Parameter?

  /// - Parameters:
  ///   - heads: The number of heads.
  ///   - size: The channels of each head.
  init(_ kind: MultiHeadAttention.Similarity, heads: Int, size: Int, initialization: Initialization) {
    func weight(_ inputs: Int, _ outputs: Int, _ name: String) -> Parameter {
      // Initialized head by head, so that the rule sees the fan-in and fan-out of one.
      let matrices = (0..<heads).map { head in
        initialization[name].weight([1, inputs, outputs], "\(head)").value
      }
      return Parameter(concatenate(matrices, axis: 0))
    }
    self.kind = kind
    self.size = size
    queryWeight = kind == .general || kind == .perceptron ? weight(size, size, "queryWeight") : nil
    keyWeight = kind == .perceptron ? weight(size, size, "keyWeight") : nil
    scoreWeight =
      switch kind {
      case .dot, .scaledDot, .general: nil
      case .concatenation: weight(2 * size, 1, "scoreWeight")
      case .perceptron: weight(size, 1, "scoreWeight")
      }
  }

  /// The weighted sum of the values for each query.
  ///
  /// - Parameters:
  ///   - queries: [heads · batch, queries, size].
  ///   - keys, values: [heads · batch, keys, size].
  ///   - bytes: The approximate maximum size of the largest intermediate tensor.
  /// - Returns: [heads · batch, queries, size].
  func callAsFunction(_ queries: Tensor, _ keys: Tensor, _ values: Tensor, bytes: Int) -> Tensor {
    // The perceptron has `size` hidden units per query and key.
    let perceptron = kind == .perceptron ? scoreWeight : nil
    let blocked = BlockedAttention(
      bytes: perceptron == nil ? bytes : bytes / size, parameters: perceptron.map { [$0] } ?? [])
    let drawn = blocked(prepared(queries: queries), prepared(keys: keys), values) { self.weights($0, $1) }
    return drawn.expanded(to: queries.shape)
  }

  /// - Parameters: As for `callAsFunction`.
  /// - Returns: The weights of all keys for each query, which sum to 1: [heads · batch, queries, keys].
  func weights(of queries: Tensor, _ keys: Tensor) -> Tensor {
    weights(prepared(queries: queries), prepared(keys: keys))
      .expanded(to: [queries.shape[0], queries.shape[1], keys.shape[1]])
  }

  /// The part of the similarity that depends on the queries alone.
  private func prepared(queries: Tensor) -> Tensor {
    switch kind {
    case .dot: queries
    case .scaledDot: queries / Scalar(size).squareRoot()
    case .general, .perceptron: product(queries, queryWeight!.value)
    // wᵀ · ReLU([q; k]) is the sum of a term of the query and a term of the key, and the softmax over the keys cancels
    // the former. So a single query of 1, which leaves the latter as it is, stands for all.
    case .concatenation: .ones([queries.shape[0], 1, 1])
    }
  }

  /// The part of the similarity that depends on the keys alone.
  private func prepared(keys: Tensor) -> Tensor {
    switch kind {
    case .dot, .scaledDot, .general: keys
    case .concatenation: product(relu(keys), scoreWeight!.value.sliced(axis: 1, size..<2 * size))
    case .perceptron: product(keys, keyWeight!.value)
    }
  }

  /// The weights from the two parts of the similarity.
  private func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    guard kind == .perceptron else { return softmax(matmul(queries, keys, transposeRight: true)) }
    let (groups, count, others) = (queries.shape[0], queries.shape[1], keys.shape[1])
    let pairs = tanh(
      queries.reshaped(to: [groups, count, 1, size]) + keys.reshaped(to: [groups, 1, others, size]))
    let scores = product(pairs.reshaped(to: [groups, count * others, size]), scoreWeight!.value)
    return softmax(scores.reshaped(to: [groups, count, others]))
  }

  /// x · weight for each head, with x [heads · batch, count, inputs] and weight [heads, inputs, outputs].
  private func product(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let (heads, outputs) = (weight.shape[0], weight.shape[2])
    return matmul(x.reshaped(to: [heads, x.shape[0] / heads * x.shape[1], x.shape[2]]), weight)
      .reshaped(to: [x.shape[0], x.shape[1], outputs])
  }

  /// The multiply-adds of all heads together, with the weighted sum of the values.
  ///
  /// - Parameter channels: The channels of all heads together.
  func multiplyAdds(tokens: Int, channels: Int) -> Int {
    let map = tokens * tokens * channels
    return switch kind {
    case .dot, .scaledDot: 2 * map
    case .general: tokens * channels * size + 2 * map
    case .concatenation: 2 * tokens * channels
    case .perceptron: 2 * tokens * channels * size + 2 * map
    }
  }

  /// Named as here: no public port has the similarities with parameters.
  var portedWeights: [PortedWeight] {
    [("query_weight", queryWeight), ("key_weight", keyWeight), ("score_weight", scoreWeight)]
      .compactMap { name, parameter in parameter.map { PortedWeight(name, $0) } }
  }
}

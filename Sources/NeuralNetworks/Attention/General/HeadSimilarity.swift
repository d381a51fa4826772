import Tensors

/// The similarity of each query of each head of an attention to each key, and the weights that follow.
///
/// Heads come first: what is [heads · batch, …] holds the first head of all samples, then the second. Each head has
/// parameters of its own, of `size` channels.
final class HeadSimilarity: Module {
  let kind: MultiHeadAttention.Similarity
  private let size: Int
  /// The matrix W of `general`, the matrix W₁ of `perceptron`: [heads, size, size].
  let queryWeight: Parameter?
  /// The matrix W₂ of `perceptron`, [heads, size, size].
  let keyWeight: Parameter?
  /// The vector w of `concatenation`, [heads, 2 · size, 1], the vector v of `perceptron`, [heads, size, 1].
  let scoreWeight: Parameter?

  /// - Parameters:
  ///   - heads: How many there are.
  ///   - size: The channels of each.
  init(_ kind: MultiHeadAttention.Similarity, heads: Int, size: Int, initialization: Initialization) {
    func weight(_ inputs: Int, _ outputs: Int, _ name: String) -> Parameter {
      // One head after the other: the rule's fans are those of one.
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

  /// The mixture that each query draws from the values.
  ///
  /// - Parameters:
  ///   - queries: [heads · batch, queries, size].
  ///   - keys, values: [heads · batch, keys, size].
  ///   - bytes: How much memory the largest tensor on the way may take, about.
  /// - Returns: [heads · batch, queries, size].
  func callAsFunction(_ queries: Tensor, _ keys: Tensor, _ values: Tensor, bytes: Int) -> Tensor {
    // Between each query and each key the perceptron has `size` numbers.
    let perceptron = kind == .perceptron ? scoreWeight : nil
    let blocked = BlockedAttention(
      bytes: perceptron == nil ? bytes : bytes / size, parameters: perceptron.map { [$0] } ?? [])
    let drawn = blocked(prepared(queries: queries), prepared(keys: keys), values) { self.weights($0, $1) }
    return drawn.expanded(to: queries.shape)
  }

  /// - Parameters: As above.
  /// - Returns: The weights of all keys for each query, of the sum 1: [heads · batch, queries, keys].
  func weights(of queries: Tensor, _ keys: Tensor) -> Tensor {
    weights(prepared(queries: queries), prepared(keys: keys))
      .expanded(to: [queries.shape[0], queries.shape[1], keys.shape[1]])
  }

  /// The part of the similarity that depends on queries alone.
  private func prepared(queries: Tensor) -> Tensor {
    switch kind {
    case .dot: queries
    case .scaledDot: queries / Scalar(size).squareRoot()
    case .general, .perceptron: product(queries, queryWeight!.value)
    // wᵀ · ReLU([q; k]) is a number of the query and a number of the key, and the softmax over keys takes the former
    // away: one query that leaves the latter as it is stands for all.
    case .concatenation: .ones([queries.shape[0], 1, 1])
    }
  }

  /// The part of the similarity that depends on keys alone.
  private func prepared(keys: Tensor) -> Tensor {
    switch kind {
    case .dot, .scaledDot, .general: keys
    case .concatenation: product(relu(keys), scoreWeight!.value.sliced(axis: 1, size..<2 * size))
    case .perceptron: product(keys, keyWeight!.value)
    }
  }

  /// The weights from the parts of the similarity.
  private func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    guard kind == .perceptron else { return softmax(matmul(queries, keys, transposeRight: true)) }
    let (groups, count, others) = (queries.shape[0], queries.shape[1], keys.shape[1])
    let pairs = tanh(
      queries.reshaped(to: [groups, count, 1, size]) + keys.reshaped(to: [groups, 1, others, size]))
    let scores = product(pairs.reshaped(to: [groups, count * others, size]), scoreWeight!.value)
    return softmax(scores.reshaped(to: [groups, count, others]))
  }

  /// x · weight for each head: [heads · batch, count, inputs] and [heads, inputs, outputs].
  private func product(_ x: Tensor, _ weight: Tensor) -> Tensor {
    let (heads, outputs) = (weight.shape[0], weight.shape[2])
    return matmul(x.reshaped(to: [heads, x.shape[0] / heads * x.shape[1], x.shape[2]]), weight)
      .reshaped(to: [x.shape[0], x.shape[1], outputs])
  }

  /// The multiplications with an addition of all heads together, the drawing from the values included.
  ///
  /// - Parameter channels: Those of all heads.
  func multiplyAdds(tokens: Int, channels: Int) -> Int {
    let map = tokens * tokens * channels
    return switch kind {
    case .dot, .scaledDot: 2 * map
    case .general: tokens * channels * size + 2 * map
    case .concatenation: 2 * tokens * channels
    case .perceptron: 2 * tokens * channels * size + 2 * map
    }
  }

  /// Named as here: the similarities that have parameters are no port's.
  var portedWeights: [PortedWeight] {
    [("query_weight", queryWeight), ("key_weight", keyWeight), ("score_weight", scoreWeight)]
      .compactMap { name, parameter in parameter.map { PortedWeight(name, $0) } }
  }
}

/// Mixes what lies along one axis, A₂ · GELU(A₁ · x), with matrices that are the same for all lines and all channels.
final class AxisMixing: Module {
  /// A₁ and A₂ transposed, [size, factor · size] and [factor · size, size].
  let expansion: Parameter
  let contraction: Parameter

  /// - Parameters:
  ///   - size: The axis's.
  ///   - factor: The factor of numbers between the matrices to those of the axis.
  init(size: Int, factor: Int, initialization: Initialization) {
    // Uniform within ±1 / √inputs, as PyTorch starts the convolutions that these matrices are there: a network's rule
    // for filters knows nothing of them.
    let initialization = initialization.with(weights: .kaimingUniform(gain: (1.0 / 3).squareRoot()))
    expansion = initialization.weight([size, factor * size], "expansion")
    contraction = initialization.weight([factor * size, size], "contraction")
  }

  /// - Parameter x: [lines, size, rest], mixed along its second axis.
  func callAsFunction(_ x: Tensor) -> Tensor {
    matmul(contraction.value, gelu(matmul(expansion.value, x, transposeLeft: true)), transposeLeft: true)
  }

  /// Named as in the published code, where a matrix is a convolution of kernel 1.
  var portedWeights: [PortedWeight] {
    [
      PortedWeight("net.0.weight", expansion, .pointwise),
      PortedWeight("net.2.weight", contraction, .pointwise),
    ]
  }
}

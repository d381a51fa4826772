package import Support
package import Tensors

/// Self-attention as the authors of SAGAN released it, and BigGAN uses it (Brock et al., 2019): every position draws
/// from squares of 2 x 2 positions, which makes the map four times smaller. The paper's text describes `SelfAttention`.
///
/// Queries θ = x · Wθ have C / 8 channels, keys φ are the largest of each square of x · Wφ, values g those of x · Wg,
/// which has C / 2 channels; with weights softmaxⱼ(θᵢ · φⱼ) the output is x + γ · (Σⱼ weightᵢⱼ · gⱼ) · Wo. There are no
/// biases, all four matrices go through a spectral norm, and γ starts at 0: an untrained layer gives its input. Of an
/// odd height or width, which the ports refuse, the last row or column is not drawn from.
///
/// The weights' names are those of BigGAN's port.
package final class PooledSelfAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// Queries and keys have so many times fewer channels than the features, rounded down.
    package var reduction = 8
    /// Values have so many times fewer channels than the features, rounded down.
    package var valueReduction = 2
    /// True if the four weights are divided by their largest singular value.
    package var spectralNorm = true
    /// The most bytes that one matrix of weights may take. The result depends on it by rounding alone.
    package var scoreBytes = 32 << 20

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      valueReduction = try reader.integer("value_reduction", in: 1...4096, default: valueReduction)
      spectralNorm = try reader.boolean("spectral_norm", default: spectralNorm)
    }
  }

  /// θ.
  package let query: Conv2d
  /// φ.
  package let key: Conv2d
  /// g.
  package let value: Conv2d
  /// o.
  package let output: Conv2d
  /// γ, without axes.
  package let gamma: Parameter
  private let options: Options

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("PooledSelfAttention \(initialization.name): \(problem)")
    }
    self.options = options
    func convolution(_ inputs: Int, _ outputs: Int, _ name: String) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 1, bias: false,
        spectrallyNormalized: options.spectralNorm, initialization: initialization[name])
    }
    query = convolution(channels, channels / options.reduction, "query")
    key = convolution(channels, channels / options.reduction, "key")
    value = convolution(channels, channels / options.valueReduction, "value")
    output = convolution(channels / options.valueReduction, channels, "output")
    gamma = Parameter(Tensor(0))
  }

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options) -> String? {
    for (name, reduction) in [("reduction", options.reduction), ("value reduction", options.valueReduction)] {
      if reduction < 1 { return "the \(name) (\(reduction)) must be positive" }
      if channels < reduction {
        return "there must be at least as many channels (\(channels)) as the \(name) (\(reduction)) says"
      }
    }
    return options.scoreBytes < 1 ? "the bytes for scores (\(options.scoreBytes)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels]. A single row or column is not pooled.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    checkFeatures(x)
    let drawn = BlockedAttention(bytes: options.scoreBytes)(
      query(x).positions, key(x).pooledBySquares.positions, value(x).pooledBySquares.positions,
      weights: Self.weights)
    return x + gamma.value * output(drawn.reshaped(to: Array(x.shape.dropLast()) + [value.weight.shape[3]]))
  }

  /// Of the sum 1; the four positions of a square weigh the same. Spectral norms stay as they are.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    checkFeatures(x)
    let norms = [query, key].compactMap(\.spectralNorm)
    let wereTraining = norms.map(\.isTraining)
    defer { for (norm, wasTraining) in zip(norms, wereTraining) { norm.isTraining = wasTraining } }
    for norm in norms { norm.isTraining = false }
    return Self.weights(query(x).position(row: row, column: column), key(x).pooledBySquares.positions)
      .spreadOverSquares(height: x.shape[1], width: x.shape[2])
  }

  /// 2 · N · C · (C′ + C″) + N · N′ · (C′ + C″) for N positions, N′ squares, C channels, C′ of a query and C″ of a
  /// value.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (positions, squares) = (height * width, (height / 2) * (width / 2))
    let inner = query.weight.shape[3] + value.weight.shape[3]
    return positions * (2 * output.weight.shape[3] + squares) * inner
  }

  package var portedWeights: [PortedWeight] {
    query.portedWeights(named: "theta") + key.portedWeights(named: "phi") + value.portedWeights(named: "g")
      + output.portedWeights(named: "o") + [PortedWeight("gamma", gamma)]
  }

  private func checkFeatures(_ x: Tensor) {
    x.checkFeatures(channels: output.weight.shape[3], of: "PooledSelfAttention")
  }

  private static func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    softmax(matmul(queries, keys, transposeRight: true))
  }
}

package import Support
package import Tensors

/// Self-attention as in the authors' release of SAGAN and in BigGAN (Brock et al., 2019): keys and values are
/// max-pooled over 2x2 squares, which makes the attention map four times smaller. The paper's text describes
/// `SelfAttention`.
///
/// Queries θ = x · Wθ have C / 8 channels, keys φ = maxPool(x · Wφ) too, and values g = maxPool(x · Wg) have C / 2.
/// With the weights softmaxⱼ(θᵢ · φⱼ), the output is x + γ · (Σⱼ weightᵢⱼ · gⱼ) · Wo. There are no biases, all four
/// matrices are spectrally normalized, and γ is initialized with 0, so an untrained layer is the identity. The last row
/// or column of an odd height or width, which the ports refuse, is dropped from keys and values.
///
/// Parameters are named as in BigGAN's port.
package final class PooledSelfAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The ratio of the features' channels to those of queries and keys, which are rounded down.
    package var reduction = 8
    /// The ratio of the features' channels to those of values, which are rounded down.
    package var valueReduction = 2
    /// True to apply spectral normalization to the four weights.
    package var spectralNorm = true
    /// The maximum of bytes for one matrix of weights. It changes the result by rounding only.
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
  /// Wo.
  package let output: Conv2d
  /// γ, of rank 0.
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

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    for (name, reduction) in [("reduction", options.reduction), ("value reduction", options.valueReduction)] {
      if reduction < 1 { return "the \(name) (\(reduction)) must be positive" }
      if channels < reduction {
        return "there must be at least as many channels (\(channels)) as the \(name) (\(reduction)) says"
      }
    }
    return options.scoreBytes < 1 ? "the bytes for scores (\(options.scoreBytes)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels]. Features of a single row or column are not pooled.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    checkFeatures(x)
    let drawn = BlockedAttention(bytes: options.scoreBytes)(
      query(x).positions, key(x).pooledBySquares.positions, value(x).pooledBySquares.positions,
      weights: Self.weights)
    return x + gamma.value * output(drawn.reshaped(to: Array(x.shape.dropLast()) + [value.weight.shape[3]]))
  }

  /// The weights, which sum to 1; the four positions of a square have equal weights. Spectral norms are not updated.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    checkFeatures(x)
    let norms = [query, key].compactMap(\.spectralNorm)
    let wereTraining = norms.map(\.isTraining)
    defer { for (norm, wasTraining) in zip(norms, wereTraining) { norm.isTraining = wasTraining } }
    for norm in norms { norm.isTraining = false }
    return Self.weights(query(x).position(row: row, column: column), key(x).pooledBySquares.positions)
      .spreadOverSquares(height: x.shape[1], width: x.shape[2])
  }

  /// 2 · N · C · (C′ + C″) + N · N′ · (C′ + C″) for N positions, N′ squares, C channels, C′ channels of a query and C″
  /// of a value.
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

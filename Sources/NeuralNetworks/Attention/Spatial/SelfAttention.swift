package import Support
package import Tensors

/// Self-attention: every position attends to every other one by similarity (Zhang et al., 2019, "Self-Attention
/// Generative Adversarial Networks", section 3); also the position attention of DANet (Fu et al., 2019, eq. 1 and 2).
///
/// q = x · Wq + bq and k = x · Wk + bk have few channels, v = x · Wv + bv has as many as x. The weights of position i
/// are the softmax over all positions j of qᵢ · kⱼ, without division by the root of the number of channels; the output
/// is x + γ · Σⱼ weightᵢⱼ · vⱼ. γ is initialized with 0, so an untrained layer is the identity. This is the form of the
/// public ports (heykeetae, DANet), after which the parameters are named. The authors' release differs: see
/// `PooledSelfAttention`.
///
/// The weights are computed in blocks of positions and recomputed for the gradient, so large features take little
/// memory.
package final class SelfAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The ratio of the features' channels to those of queries and keys, which are rounded down.
    package var reduction = 8
    /// The maximum of bytes for one matrix of weights. It changes the result by rounding only.
    package var scoreBytes = 32 << 20

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    }
  }

  /// γ, [1].
  package let gamma: Parameter
  package let query: Conv2d
  package let key: Conv2d
  package let value: Conv2d
  private let options: Options

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("SelfAttention \(initialization.name): \(problem)")
    }
    self.options = options
    gamma = Parameter(.zeros([1]))
    func convolution(_ outputs: Int, _ name: String) -> Conv2d {
      Conv2d(inputChannels: channels, outputChannels: outputs, kernel: 1, initialization: initialization[name])
    }
    query = convolution(channels / options.reduction, "query")
    key = convolution(channels / options.reduction, "key")
    value = convolution(channels, "value")
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    if channels < options.reduction {
      return "there must be at least as many channels (\(channels)) as the reduction (\(options.reduction)) says"
    }
    return options.scoreBytes < 1 ? "the bytes for scores (\(options.scoreBytes)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.checkFeatures(channels: value.weight.shape[2], of: "SelfAttention")
    let drawn = BlockedAttention(bytes: options.scoreBytes)(
      query(x).positions, key(x).positions, value(x).positions, weights: Self.weights)
    return x + gamma.value * drawn.reshaped(to: x.shape)
  }

  /// The weights, which sum to 1.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    x.checkFeatures(channels: value.weight.shape[2], of: "SelfAttention")
    return Self.weights(query(x).position(row: row, column: column), key(x).positions)
      .reshaped(to: Array(x.shape.dropLast()))
  }

  /// N · (C² + 2 · C · C′) + N² · (C′ + C) for N positions, C channels and C′ channels of a query.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (positions, channels, inner) = (height * width, value.weight.shape[3], query.weight.shape[3])
    return positions * channels * (channels + 2 * inner) + positions * positions * (inner + channels)
  }

  package var portedWeights: [PortedWeight] {
    [PortedWeight("gamma", gamma)] + query.portedWeights(named: "query_conv") + key.portedWeights(named: "key_conv")
      + value.portedWeights(named: "value_conv")
  }

  private static func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    softmax(matmul(queries, keys, transposeRight: true))
  }
}

// Features as sequences of positions, for attentions.

extension Tensor {
  /// [batch, height, width, channels] as [batch, height · width, channels].
  var positions: Tensor { reshaped(to: [shape[0], shape[1] * shape[2], shape[3]]) }

  /// The features at one position of [batch, height, width, channels]: [batch, 1, channels].
  func position(row: Int, column: Int) -> Tensor {
    precondition(
      (0..<shape[1]).contains(row) && (0..<shape[2]).contains(column),
      "weights: there is no position in row \(row), column \(column) of features of shape \(shape)")
    let range = row * shape[2] + column
    return positions.sliced(axis: 1, range..<range + 1)
  }

  /// Max pooling over 2x2 squares. Features of a single row or column are returned as they are.
  var pooledBySquares: Tensor { shape[1] > 1 && shape[2] > 1 ? maxPool(kernel: 2) : self }

  /// The weights of 2x2 squares, [batch, 1, squares], distributed to the positions: [batch, height, width]. Each
  /// position of a square gets a quarter, because the position of the maximum differs between channels. Positions
  /// outside all squares get 0.
  func spreadOverSquares(height: Int, width: Int) -> Tensor {
    let (batch, rows, columns) = (shape[0], height / 2, width / 2)
    guard rows > 0, columns > 0 else { return reshaped(to: [batch, height, width]) }
    let spread = (reshaped(to: [batch, rows, columns, 1]) / 4).upsampledNearest(by: 2)
    return spread.padded([(0, 0), (0, height - 2 * rows), (0, width - 2 * columns), (0, 0)])
      .reshaped(to: [batch, height, width])
  }

  /// Checks that the features are [batch, height, width, channels] and not empty.
  ///
  /// - Parameter module: The name of the calling module, for the message of a failure.
  func checkFeatures(channels: Int, of module: StaticString) {
    precondition(
      rank == 4 && shape[3] == channels && count > 0,
      "\(module): expected [batch, height, width, \(channels)], found shape \(shape)")
  }
}

package import Support
package import Tensors

/// Non-local block: adds to every position a weighted sum over all positions (Wang et al., 2018, "Non-local Neural
/// Networks", eq. 1 to 6).
///
/// zᵢ = xᵢ + W(yᵢ), where yᵢ = Σⱼ f(xᵢ, xⱼ) · g(xⱼ) / normalizer. g, θ and φ are 1x1 convolutions to fewer channels,
/// and W is one back, optionally followed by batch normalization. `Options.kind` selects f. The last layer is
/// initialized with 0, so an untrained block is the identity.
///
/// The weights are computed in blocks of positions and recomputed for the gradient, so large features take little
/// memory. Parameters are named as in AlexHex7's port, with `.0.` where it has that: after convolutions that are
/// followed by pooling or normalization.
package final class NonLocalBlock: MappedAttention, ConfigurableAttention {
  /// g.
  package let value: Conv2d
  /// W.
  package let output: Conv2d
  package let normalization: BatchNorm2d?
  /// θ; the features themselves if nil.
  package let query: Conv2d?
  /// φ; the features themselves if nil.
  package let key: Conv2d?
  /// w, [1, 1, 2 · channels of a query, 1]: the first half applies to the query.
  package let concatenation: Parameter?
  private let options: Options

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("NonLocalBlock \(initialization.name): \(problem)")
    }
    self.options = options
    let inner = max(1, channels / options.reduction)
    func convolution(_ inputs: Int, _ outputs: Int, _ name: String, _ rule: Initialization) -> Conv2d {
      Conv2d(inputChannels: inputs, outputChannels: outputs, kernel: 1, initialization: rule[name])
    }
    let startsAtZero = options.initZero && !options.batchNorm
    value = convolution(channels, inner, "value", initialization)
    output = convolution(
      inner, channels, "output", startsAtZero ? initialization.with(weights: .zeros) : initialization)
    normalization = options.batchNorm ? BatchNorm2d(channels: channels) : nil
    if options.initZero { normalization?.weight?.assign(.zeros([channels])) }
    let isEmbedded = options.kind != .gaussian
    query = isEmbedded ? convolution(channels, inner, "query", initialization) : nil
    key = isEmbedded ? convolution(channels, inner, "key", initialization) : nil
    concatenation = options.kind == .concatenation ? initialization.weight([1, 1, 2 * inner, 1], "concatenation") : nil
  }

  /// - Parameter x: [batch, height, width, channels]. Features of a single row or column are not subsampled.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    checkFeatures(x)
    let inner = value.weight.shape[3]
    let (queries, keys) = compared(x)
    let values = sources(value, of: x).positions
    let drawn =
      regroups(positions: queries.shape[1], keys: keys.shape[1])
      ? matmul(queries, matmul(keys, values, transposeLeft: true) / Scalar(keys.shape[1]))
      : BlockedAttention(bytes: options.scoreBytes)(queries, keys, values, weights: weights)
    let added = output(drawn.reshaped(to: Array(x.shape.dropLast()) + [inner]))
    return x + (normalization.map { $0(added) } ?? added)
  }

  /// The weights, which sum to 1 if the kind has a softmax. With subsampling, the four positions of a square have equal
  /// weights.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    checkFeatures(x)
    let (queries, keys) = compared(x)
    let position = queries.reshaped(to: Array(x.shape.dropLast()) + [-1]).position(row: row, column: column)
    let found = weights(position, keys)
    return options.subSample
      ? found.spreadOverSquares(height: x.shape[1], width: x.shape[2])
      : found.reshaped(to: Array(x.shape.dropLast()))
  }

  /// The multiply-adds of the convolutions and the products; for dot products in the cheaper order.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let (channels, inner) = (output.weight.shape[3], value.weight.shape[3])
    let positions = height * width
    let keys = options.subSample ? (height / 2) * (width / 2) : positions
    let sources = options.poolPosition == .before ? keys : positions
    let convolutions = channels * inner * (positions + sources) * (query == nil ? 1 : 2)
    switch options.kind {
    case .embeddedGaussian: return convolutions + 2 * positions * keys * inner
    case .gaussian: return convolutions + positions * keys * (channels + inner)
    case .dotProduct:
      let regrouped = (positions + keys) * inner * inner
      return convolutions + (regroups(positions: positions, keys: keys) ? regrouped : 2 * positions * keys * inner)
    case .concatenation: return convolutions + (positions + keys + positions * keys) * inner
    }
  }

  package var portedWeights: [PortedWeight] {
    let isPooledAfter = options.subSample && options.poolPosition == .after
    let inside = isPooledAfter ? ".0" : ""
    return value.portedWeights(named: "g" + inside)
      + output.portedWeights(named: normalization == nil ? "W" : "W.0")
      + (normalization?.portedWeights(named: "W.1") ?? [])
      + (query?.portedWeights(named: "theta") ?? [])
      + (key?.portedWeights(named: "phi" + inside) ?? [])
      + (concatenation.map { [PortedWeight("concat_project.0.weight", $0, .outputsFirst)] } ?? [])
  }

  /// The queries and keys that are compared: [batch, positions, size] and [batch, keys, size].
  private func compared(_ x: Tensor) -> (queries: Tensor, keys: Tensor) {
    let queries = (query.map { $0(x) } ?? x).positions
    let keys = sources(key, of: x).positions
    if let concatenation {
      // w · [θ, φ] is the sum of a term of the query and a term of the key.
      let inner = queries.shape[2]
      let w = concatenation.value.reshaped(to: [2 * inner, 1])
      return (matmul(queries, w.sliced(axis: 0, 0..<inner)), matmul(keys, w.sliced(axis: 0, inner..<2 * inner)))
    }
    return (options.scale ? queries / Scalar(queries.shape[2]).squareRoot() : queries, keys)
  }

  /// The keys or values: the convolution's output, if there is a convolution, subsampled if the options say so.
  private func sources(_ convolution: Conv2d?, of x: Tensor) -> Tensor {
    guard options.subSample else { return convolution?(x) ?? x }
    return options.poolPosition == .before
      ? convolution?(x.pooledBySquares) ?? x.pooledBySquares
      : (convolution?(x) ?? x).pooledBySquares
  }

  private func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    switch options.kind {
    case .embeddedGaussian, .gaussian: softmax(matmul(queries, keys, transposeRight: true))
    case .dotProduct: matmul(queries, keys, transposeRight: true) / Scalar(keys.shape[1])
    case .concatenation: relu(queries + keys.transposed()) / Scalar(keys.shape[1])
    }
  }

  /// True if (θ · φᵀ) · g is computed as θ · (φᵀ · g), which takes less work.
  private func regroups(positions: Int, keys: Int) -> Bool {
    options.kind == .dotProduct && (positions + keys) * value.weight.shape[3] < 2 * positions * keys
  }

  private func checkFeatures(_ x: Tensor) {
    x.checkFeatures(channels: output.weight.shape[3], of: "NonLocalBlock")
  }
}

extension NonLocalBlock {
  /// The similarity f of two positions, and its normalizer.
  package enum Kind: String, CaseIterable, Sendable {
    /// e^(θᵢ · φⱼ), normalized by the sum over j.
    case embeddedGaussian = "embedded_gaussian"
    /// e^(xᵢ · xⱼ), normalized by the sum over j; there are no θ and φ.
    case gaussian
    /// θᵢ · φⱼ, normalized by the number of positions j.
    case dotProduct = "dot_product"
    /// ReLU(w · [θᵢ, φⱼ]), normalized by the number of positions j.
    case concatenation

    /// True if the weights of a position are a softmax and sum to 1.
    package var isSoftmax: Bool { self == .embeddedGaussian || self == .gaussian }
  }

  /// The tensors that subsampling pools.
  package enum PoolPosition: String, CaseIterable, Sendable {
    /// The features, before the convolutions of keys and values, as in the authors' code. The result differs, because
    /// max pooling and a convolution do not commute.
    case before
    /// The keys and values, as in the public port.
    case after
  }

  /// The defaults are those of the public port (AlexHex7). The authors' own code has `poolPosition` = `before` and
  /// `scale`, and initializes weights with a standard deviation of 0.01, which is set in the `Initialization`.
  package struct Options: AttentionOptions {
    package var kind = Kind.embeddedGaussian
    /// The ratio of the features' channels to those of queries, keys and values, which are rounded down and at least 1.
    package var reduction = 2
    /// True to max-pool keys and values over 2x2 squares. The last row or column of an odd height or width is dropped.
    package var subSample = true
    /// The tensors that subsampling pools.
    package var poolPosition = PoolPosition.after
    /// True to divide products by the root of the number of channels before the softmax.
    package var scale = false
    /// True for batch normalization after W.
    package var batchNorm = true
    /// True to initialize the last layer with 0, so that an untrained block is the identity.
    package var initZero = true
    /// The maximum of bytes for one matrix of weights. It changes the result by rounding only.
    package var scoreBytes = 32 << 20

    package init() {}

    package init(_ reader: JSONReader) throws {
      kind = try reader.choice("similarity", default: kind)
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      subSample = try reader.boolean("sub_sample", default: subSample)
      poolPosition = try reader.choice("pool_position", default: poolPosition)
      scale = try reader.boolean("scaled", default: scale)
      batchNorm = try reader.boolean("batch_norm", default: batchNorm)
      initZero = try reader.boolean("init_zero", default: initZero)
    }
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    if options.poolPosition == .before && !options.subSample {
      return "pooling before the keys needs sub-sampling, which is off"
    }
    if options.scale && !options.kind.isSoftmax {
      return "only products before a softmax can be scaled, and the kind \(options.kind.rawValue) has none"
    }
    return options.scoreBytes < 1 ? "the bytes for scores (\(options.scoreBytes)) must be positive" : nil
  }
}

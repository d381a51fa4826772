import Support

extension NonLocalBlock {
  /// The similarity of two positions, and the divisor of the similarities.
  package enum Kind: String, CaseIterable, Sendable {
    /// e^(θᵢ · φⱼ), over the sum for all j.
    case embeddedGaussian = "embedded_gaussian"
    /// e^(xᵢ · xⱼ), over the sum for all j; there are no θ and φ.
    case gaussian
    /// θᵢ · φⱼ, over the number of positions j.
    case dotProduct = "dot_product"
    /// ReLU(w · [θᵢ, φⱼ]), over the number of positions j.
    case concatenation

    /// True if the weights of a position come from a softmax, and have the sum 1.
    package var isSoftmax: Bool { self == .embeddedGaussian || self == .gaussian }
  }

  /// The tensors that are made smaller where keys and values are sub-sampled.
  package enum PoolPosition: String, CaseIterable, Sendable {
    /// The features, before keys and values are made of them: as the authors do. Not the same, since the largest of
    /// some numbers is not the largest once they have been multiplied.
    case before
    /// Keys and values: as in the public port.
    case after
  }

  /// The defaults are those of the public port (AlexHex7). The authors' own code has `poolPosition` = `before` and
  /// `scale`, and starts matrices with a deviation of 0.01, which is a matter of the `Initialization`.
  package struct Options: AttentionOptions {
    package var kind = Kind.embeddedGaussian
    /// Queries, keys and values have so many times fewer channels than the features, rounded down, but one at least.
    package var reduction = 2
    /// True if positions draw from the largest of squares of 2 x 2 positions alone. Of an odd height or width the last
    /// row or column is not drawn from.
    package var subSample = true
    /// The step at which sub-sampling happens.
    package var poolPosition = PoolPosition.after
    /// True if products are divided by the root of their length before the softmax.
    package var scale = false
    /// True if what is drawn is normalized over the batch before it is added.
    package var batchNorm = true
    /// True if an untrained block gives its input, since its last step starts at 0.
    package var initZero = true
    /// The most bytes that one matrix of weights may take. The result depends on it by rounding alone.
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

  /// Reason against such a block, in a sentence; nil if there is none.
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

package import Support
package import Tensors

/// Shift-Net's shift connection: each missing position of a decoder's features gets the feature of the encoder at the
/// known position that is most similar to it (Yan et al., 2018, section 3.2).
///
/// The similarity is the cosine, with norms of at least 1e-8, so that zero features are safe; of equal ones the first
/// counts. Each sample may have its own hole. If nothing is known, the shifted features are 0. Gradients flow to the
/// copied features, not through the choice.
package final class ShiftLayer: Module {
  package struct Options: AttentionOptions {
    /// A position is missing if the hole there is at least this: above 0, at most 1.
    package var threshold: Scalar = 1
    /// The factor of the shifted features' gradient to the encoder, not negative.
    package var tripleWeight: Scalar = 1

    package init() {}

    package init(_ reader: JSONReader) throws {
      threshold = Scalar(
        try reader.real("threshold", in: Double.leastNonzeroMagnitude...1, default: Double(threshold)))
      tripleWeight = Scalar(try reader.real("triple_weight", in: 0...1000, default: Double(tripleWeight)))
    }
  }

  package let options: Options

  /// - Precondition: `problem(options:)` is nil.
  package init(options: Options = Options()) {
    if let problem = Self.problem(options: options) { preconditionFailure(problem) }
    self.options = options
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(options: Options) -> String? {
    if !(options.threshold > 0 && options.threshold <= 1) {
      return "ShiftLayer: threshold (\(options.threshold)) must be above 0 and at most 1"
    }
    if !(options.tripleWeight >= 0 && options.tripleWeight.isFinite) {
      return "ShiftLayer: triple_weight (\(options.tripleWeight)) must be a number of at least 0"
    }
    return nil
  }

  /// - Parameters:
  ///   - decoder: The decoder's features, [batch, height, width, channels].
  ///   - skip: The encoder's features, of the same shape.
  ///   - hole: 1 where pixels are missing, [batch or 1, any height, any width, 1]: at the size of the picture or of the
  ///     features.
  /// - Returns: The decoder's, the encoder's, and the shifted features, which are 0 at known positions, concatenated:
  ///   [batch, height, width, 3 · channels].
  package func callAsFunction(_ decoder: Tensor, skip: Tensor, hole: Tensor) -> Tensor {
    let positions = matches(decoder, skip, hole).positions
    let shifted = skip.scalingGradient(by: options.tripleWeight).sampled(at: positions)
    return concatenate([decoder, skip, shifted], axis: -1)
  }

  /// For each missing position, the offset to the position that its feature is copied from, per sample. Other positions
  /// have the offset 0.
  ///
  /// - Parameters: As for `callAsFunction`.
  package func argmaxMaps(_ decoder: Tensor, skip: Tensor, hole: Tensor) -> [AttentionMap] {
    matches(decoder, skip, hole).maps
  }

  /// The multiply-adds of comparing every position of the decoder with every one of the encoder, for one sample.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    height * width * height * width * channels
  }

  /// The missing positions of features: those whose upper left pixel is missing.
  ///
  /// - Parameters:
  ///   - hole: [batch or 1, any height, any width, 1].
  ///   - height, width: The features' size.
  /// - Returns: 1 or 0, [batch or 1, height, width, 1].
  package func missingPositions(of hole: Tensor, height: Int, width: Int) -> Tensor {
    precondition(
      hole.rank == 4 && hole.shape[3] == 1,
      "ShiftLayer: expected a hole of shape [batch or 1, height, width, 1], found \(hole.shape)")
    let nearest = hole.detached().resizedNearest(height: height, width: width)
    return Tensor(nearest.elements.map { $0 >= options.threshold ? 1 : 0 }, shape: nearest.shape)
  }

  private func matches(_ decoder: Tensor, _ skip: Tensor, _ hole: Tensor) -> ShiftMatches {
    precondition(
      decoder.rank == 4 && decoder.count > 0 && decoder.shape == skip.shape
        && hole.rank == 4 && [1, decoder.shape[0]].contains(hole.shape[0]),
      "ShiftLayer: a decoder's features of shape \(decoder.shape), an encoder's of shape \(skip.shape) and a hole of "
        + "shape \(hole.shape) do not fit together")
    let missing = missingPositions(of: hole, height: decoder.shape[1], width: decoder.shape[2])
    return ShiftMatches(decoder, skip: skip, hole: missing)
  }
}

/// The factory of Shift-Net's shift connection, for skip connections.
package struct ShiftFactory: AttentionFactory {
  package static let defaultPart = GeneratorPart.skip
  package static let isPorted = false

  private let options: ShiftLayer.Options

  package init(_ reader: JSONReader, featureSize: Int) throws { options = try ShiftLayer.Options(reader) }

  package func problem(at site: AttentionSite) -> String? {
    guard site.part == .skip, site.isAdded else {
      return "it compares the decoder's features with the encoder's, so it must be on a skip connection of a DeepFill"
    }
    return ShiftLayer.problem(options: options)
  }

  package func make(_ context: AttentionContext) -> PlacedAttention { .shift(ShiftLayer(options: options)) }

  /// The channels of the encoder's features and of the shifted ones.
  package func addedChannels(at site: AttentionSite) -> Int { 2 * site.channels }
}

extension Tensor {
  /// The identity, whose gradient is multiplied by `weight`.
  fileprivate func scalingGradient(by weight: Scalar) -> Tensor {
    customVJP([self]) {
      $0[0]
    } rule: { cotangent, _, _ in
      cotangent * weight
    }
  }
}

/// The known position that each missing position copies its feature from: the one whose encoder feature has the largest
/// cosine similarity to the decoder's feature at the missing position. Of equal ones the first counts.
struct ShiftMatches {
  private let height: Int
  private let width: Int
  /// The index of the matching position, per sample and position; nil for known positions, and for all if nothing is
  /// known.
  private let matches: [[Int?]]

  /// - Parameters:
  ///   - decoder, skip: [batch, height, width, channels].
  ///   - hole: 1 where a feature is missing, 0 elsewhere: [batch or 1, height, width, 1].
  init(_ decoder: Tensor, skip: Tensor, hole: Tensor) {
    let (height, width) = (decoder.shape[1], decoder.shape[2])
    self.height = height
    self.width = width
    matches = (0..<decoder.shape[0]).map { sample in
      let range = sample..<sample + 1
      let isMissing = hole.samples(range).elements.map { $0 != 0 }
      let missing = isMissing.indices.filter { isMissing[$0] }
      let known = isMissing.indices.filter { !isMissing[$0] }
      var matches = [Int?](repeating: nil, count: isMissing.count)
      if missing.isEmpty || known.isEmpty { return matches }
      let found = cosineMatches(
        decoder.detached().samples(range).rows(of: missing), skip.detached().samples(range).rows(of: known))
      for (cell, match) in zip(missing, found) { matches[cell] = known[match] }
      return matches
    }
  }

  /// The sampling positions of the shifted features, x and y in pixels, [batch, height, width, 2]; outside the feature
  /// map where there is no match, which gives 0.
  var positions: Tensor {
    Tensor(matches.flatMap { $0.positions(width: width) }, shape: [matches.count, height, width, 2])
  }

  var maps: [AttentionMap] {
    matches.map { AttentionMap(width: width, height: height, matches: $0[...]) }
  }
}

extension Tensor {
  /// The features at some positions of one sample, [positions, channels].
  fileprivate func rows(of positions: [Int?]) -> Tensor {
    sampled(at: Tensor(positions.positions(width: shape[2]), shape: [1, 1, positions.count, 2]))
      .reshaped(to: [positions.count, shape[3]])
  }
}

extension [Int?] {
  /// x and y of each position; outside every feature map for nil.
  fileprivate func positions(width: Int) -> [Scalar] {
    flatMap { cell in cell.map { [Scalar($0 % width), Scalar($0 / width)] } ?? [-2, -2] }
  }
}

/// The loss of the features before a shift connection (the paper's guidance loss): Σ ‖features − target‖² over the
/// missing positions, divided by their number, where the target is the encoder's features of the ground truth (Yan et
/// al., 2018, section 3.1). Known positions do not count and get no gradient; without missing positions the loss is 0.
///
/// - Parameters:
///   - features: The decoder's features, [batch, height, width, channels].
///   - target: The same shape; no gradient flows to it.
///   - hole: 1 where positions are missing, 0 elsewhere, [batch or 1, height, width, 1]. `ShiftLayer.missingPositions`
///     makes it from a hole at the picture's size.
///   - missingPositions: The divisor, if it is not the number of missing positions: the mean number over the micro-batches of a
///     batch, if this is one of them.
package func shiftGuidanceLoss(_ features: Tensor, target: Tensor, hole: Tensor, missingPositions: Scalar? = nil)
  -> Tensor
{
  precondition(
    features.rank == 4 && features.shape == target.shape && hole.rank == 4
      && [1, features.shape[0]].contains(hole.shape[0])
      && hole.shape[1...] == [features.shape[1], features.shape[2], 1],
    "shiftGuidanceLoss: features of shape \(features.shape), a target of shape \(target.shape) and a hole of shape "
      + "\(hole.shape) do not fit together")
  let hole = hole.detached()
  let divisor = missingPositions ?? hole.sum().scalar * Scalar(features.shape[0] / hole.shape[0])
  // Without missing positions the sum is 0, and the divisor must not be.
  return (square(features - target.detached()) * hole).sum() / (divisor > 0 ? divisor : 1)
}

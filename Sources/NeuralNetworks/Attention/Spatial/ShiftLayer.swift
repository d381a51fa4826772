package import Support
package import Tensors

/// Shift-Net's shift connection: each missing cell of a decoder's features gets a feature of the encoder beside them,
/// that of the known cell which is most like it (Yan et al., 2018, section 3.2).
///
/// Alike is what has the largest cosine, with lengths of at least 1e-8, so that features of zeros are no trouble; of
/// equal ones the first wins. Every picture may have a hole of its own size. If nothing is known, nothing is shifted.
/// Gradients flow to the features that are given out, not through the choice.
package final class ShiftLayer: Module {
  package struct Options: AttentionOptions {
    /// A cell is missing if the hole there is at least this: above 0, at most 1.
    package var threshold: Scalar = 1
    /// The factor of the gradient of the shifted features on its way to the encoder, not negative.
    package var tripleWeight: Scalar = 1

    package init() {}

    package init(_ reader: JSONReader) throws {
      threshold = Scalar(
        try reader.real("threshold", in: Double.leastNonzeroMagnitude...1, default: Double(threshold)))
      tripleWeight = Scalar(try reader.real("triple_weight", in: 0...1000, default: Double(tripleWeight)))
    }
  }

  package let options: Options

  /// - Precondition: There is no `problem`.
  package init(options: Options = Options()) {
    if let problem = Self.problem(options: options) { preconditionFailure(problem) }
    self.options = options
  }

  /// Reason against these numbers, in a sentence; nil if there is none.
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
  ///   - skip: The encoder's features of the same size, the same shape.
  ///   - hole: 1 where pixels are missing, [batch or 1, any height, any width, 1]: as large as the picture or as the
  ///     features.
  /// - Returns: Decoder, encoder, and shifted features of it, 0 where cells are known:
  ///   [batch, height, width, 3 · channels].
  package func callAsFunction(_ decoder: Tensor, skip: Tensor, hole: Tensor) -> Tensor {
    let positions = matches(decoder, skip, hole).positions
    let shifted = skip.scalingGradient(by: options.tripleWeight).sampled(at: positions)
    return concatenate([decoder, skip, shifted], axis: -1)
  }

  /// The cell from which each missing cell gets its feature, a map for each picture. Cells that get none have the
  //offset 0. /
  /// - Parameters: As above.
  package func argmaxMaps(_ decoder: Tensor, skip: Tensor, hole: Tensor) -> [AttentionMap] {
    matches(decoder, skip, hole).maps
  }

  /// Multiply-adds of the comparison of every cell of the decoder with every one of the encoder, for one picture.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    height * width * height * width * channels
  }

  /// The missing cells of features: those whose upper left pixel is missing.
  ///
  /// - Parameters:
  ///   - hole: [batch or 1, any height, any width, 1].
  ///   - height, width: The features' size.
  /// - Returns: 1 or 0, [batch or 1, height, width, 1].
  package func missingCells(of hole: Tensor, height: Int, width: Int) -> Tensor {
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
    let cells = missingCells(of: hole, height: decoder.shape[1], width: decoder.shape[2])
    return ShiftMatches(decoder, skip: skip, cells: cells)
  }
}

/// The factory of Shift-Net's shift connection, on the way from the encoder to the decoder.
package struct ShiftFactory: AttentionFactory {
  package static let usualPart = GeneratorPart.skip
  package static let isPorted = false

  private let options: ShiftLayer.Options

  package init(_ reader: JSONReader, featureSize: Int) throws { options = try ShiftLayer.Options(reader) }

  package func problem(at site: AttentionSite) -> String? {
    guard site.part == .skip, site.isAdded else {
      return "it compares what the decoder made with what skips to it, so it is for the skips of the DeepFills"
    }
    return ShiftLayer.problem(options: options)
  }

  package func make(_ context: AttentionContext) -> PlacedAttention { .shift(ShiftLayer(options: options)) }

  /// The encoder's features and the shifted ones.
  package func addedChannels(at site: AttentionSite) -> Int { 2 * site.channels }
}

extension Tensor {
  /// The same values, whose gradient counts `weight` times.
  fileprivate func scalingGradient(by weight: Scalar) -> Tensor {
    customVJP([self]) {
      $0[0]
    } rule: { cotangent, _, _ in
      cotangent * weight
    }
  }
}

/// From which known cell each missing cell gets its feature: the one whose feature in the encoder is most like that
/// which the decoder made for the missing cell, by the cosine. Of equal ones the first wins.
struct ShiftMatches {
  private let height: Int
  private let width: Int
  /// For each picture and cell the number of another cell; nil for known cells, and for all if nothing is known.
  private let matches: [[Int?]]

  /// - Parameters:
  ///   - decoder, skip: [batch, height, width, channels].
  ///   - cells: 1 where a feature is missing, 0 elsewhere: [batch or 1, height, width, 1].
  init(_ decoder: Tensor, skip: Tensor, cells: Tensor) {
    let (height, width) = (decoder.shape[1], decoder.shape[2])
    self.height = height
    self.width = width
    matches = (0..<decoder.shape[0]).map { sample in
      let range = sample..<sample + 1
      let isMissing = cells.samples(range).elements.map { $0 != 0 }
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

  /// The points at which the shifted features are read, x and y in pixels, [batch, height, width, 2]: outside of the
  /// picture where there are none.
  var positions: Tensor {
    Tensor(matches.flatMap { $0.positions(width: width) }, shape: [matches.count, height, width, 2])
  }

  var maps: [AttentionMap] {
    matches.map { AttentionMap(width: width, height: height, matches: $0[...]) }
  }
}

extension Tensor {
  /// The features of some cells of one picture, [cells, channels].
  fileprivate func rows(of cells: [Int?]) -> Tensor {
    sampled(at: Tensor(cells.positions(width: shape[2]), shape: [1, 1, cells.count, 2]))
      .reshaped(to: [cells.count, shape[3]])
  }
}

extension [Int?] {
  /// x and y of each cell; outside of every picture for nil.
  fileprivate func positions(width: Int) -> [Scalar] {
    flatMap { cell in cell.map { [Scalar($0 % width), Scalar($0 / width)] } ?? [-2, -2] }
  }
}

/// The distance of the features that a decoder made for missing cells from those that an encoder makes of the whole
/// picture there: Σ ‖features − target‖² over the missing cells, divided by their number (Yan et al., 2018,
/// section 3.1). Known cells count nothing and get no gradient; without missing cells it is 0.
///
/// - Parameters:
///   - features: [batch, height, width, channels].
///   - target: The same shape; no gradient flows to it.
///   - hole: 1 where cells are missing, 0 elsewhere, [batch or 1, height, width, 1]; of a hole as large as the picture
///     see `ShiftLayer.missingCells`.
///   - cells: The number that the sum is divided by, if it is not that of the missing cells: the mean number over the
///     parts of a batch, if this is one of them.
package func shiftTargetLoss(_ features: Tensor, target: Tensor, hole: Tensor, cells: Scalar? = nil) -> Tensor {
  precondition(
    features.rank == 4 && features.shape == target.shape && hole.rank == 4
      && [1, features.shape[0]].contains(hole.shape[0])
      && hole.shape[1...] == [features.shape[1], features.shape[2], 1],
    "shiftTargetLoss: features of shape \(features.shape), a target of shape \(target.shape) and a hole of shape "
      + "\(hole.shape) do not fit together")
  let hole = hole.detached()
  let cells = cells ?? hole.sum().scalar * Scalar(features.shape[0] / hole.shape[0])
  // Without missing cells the sum is 0, whatever divides it.
  return (square(features - target.detached()) * hole).sum() / (cells > 0 ? cells : 1)
}

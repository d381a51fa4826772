import Tensors

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

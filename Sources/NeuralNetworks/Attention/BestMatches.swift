import Tensors

extension ContextualAttention {
  /// Which known patch counts most for each place: what the softmax would weight highest.
  ///
  /// Scores are computed for a block of places at a time, so that memory grows with the number of places, not with its
  /// square. Of equal scores the first wins; a place without any known patch keeps the offset zero.
  ///
  /// - Parameters:
  ///   - foreground: Features that are compared with themselves, [batch, height, width, channels], even sizes.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: A map of height / 2 x width / 2 for each picture.
  public func bestMatches(_ foreground: Tensor, hole: Tensor) -> [AttentionMap] {
    let shape = foreground.shape
    precondition(
      shape.count == 4 && shape[1] % 2 == 0 && shape[2] % 2 == 0
        && [[shape[0], shape[1] / 2, shape[2] / 2, 1], [1, shape[1] / 2, shape[2] / 2, 1]].contains(hole.shape),
      "ContextualAttention.bestMatches: expected features of even height and width and a hole of half of them, found "
        + "\(shape) and \(hole.shape)")
    return (0..<shape[0]).map { sample in
      let features = foreground.detached().sliced(axis: 0, sample..<sample + 1)
      let ownHole = hole.shape[0] == 1 ? hole : hole.sliced(axis: 0, sample..<sample + 1)
      return PatchMatching(features, hole: ownHole, attention: self).map
    }
  }
}

/// The comparison of all patches of one picture with its known ones.
private struct PatchMatching {
  /// The grid of places.
  private let height: Int
  private let width: Int
  /// The patches of all places, as rows; keys have length 1.
  private let queries: Tensor
  private let keys: Tensor
  /// The places whose patches have no missing pixel.
  private let known: [Int]
  /// The places whose scores add up to that of a place, in the same order for every place; -1 beyond the ends.
  private let companions: [[Int]]

  /// Rows of scores in memory at a time.
  private static let blockSize = 256

  init(_ features: Tensor, hole: Tensor, attention: ContextualAttention) {
    let (height, width) = (hole.shape[1], hole.shape[2])
    self.height = height
    self.width = width
    queries = features.resizedNearest(height: height, width: width, rule: attention.nearestRule)
      .unfolded(kernel: 3, padding: Padding(1)).reshaped(to: [height * width, -1])
    keys = queries / sqrt(maximum(square(queries).sum(axes: [1]), Tensor(1e-8)))
    let missing = hole.detached().unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1]).elements
    known = missing.indices.filter { missing[$0] == 0 }
    companions =
      attention.fuses
      ? Self.fusedPlaces(height: height, width: width) : [Array(0..<height * width)]
  }

  /// The nine shifts of the fusion: to the place before, at and after, counted column by column, and from there to the
  /// place before, at and after, counted row by row. As in the authors' code the end of a line is followed by the
  /// beginning of the next.
  private static func fusedPlaces(height: Int, width: Int) -> [[Int]] {
    let count = height * width
    return (-1...1).flatMap { down in
      (-1...1).map { right in
        (0..<count).map { place in
          let byColumns = place % width * height + place / width + down
          guard (0..<count).contains(byColumns) else { return -1 }
          let shifted = byColumns % height * width + byColumns / height + right
          return (0..<count).contains(shifted) ? shifted : -1
        }
      }
    }
  }

  var map: AttentionMap {
    var offsets: [AttentionMap.Offset] = []
    for start in stride(from: 0, to: height * width, by: Self.blockSize) {
      let block = start..<min(start + Self.blockSize, height * width)
      offsets += matches(of: block).enumerated().map { index, match in
        let place = start + index
        return AttentionMap.Offset(
          x: match % width - place % width, y: match / width - place / width)
      }
    }
    return AttentionMap(width: width, height: height, offsets: offsets)
  }

  /// The best match of each place of a block; the place itself if nothing is known.
  private func matches(of block: Range<Int>) -> [Int] {
    guard !known.isEmpty else { return Array(block) }
    var best = Array(block)
    var highest = [Scalar](repeating: -.infinity, count: block.count)
    let totals = totals(of: block)
    for index in best.indices {
      for match in known where totals[index][match] > highest[index] {
        highest[index] = totals[index][match]
        best[index] = match
      }
    }
    return best
  }

  /// The fused scores of a block of places with all places.
  private func totals(of block: Range<Int>) -> [[Scalar]] {
    let count = height * width
    // Neighbours share most of their companions, so that each row of scores is computed once a block.
    let rows = Set(companions.joined(in: block)).subtracting([-1]).sorted()
    var position = [Int](repeating: -1, count: count)
    for (index, row) in rows.enumerated() { position[row] = index }
    var totals = [[Scalar]](repeating: [Scalar](repeating: 0, count: count), count: block.count)
    matmul(queries.rows(rows), keys, transposeRight: true).withElements { scores in
      for shifted in companions {
        for (index, place) in block.enumerated() where shifted[place] >= 0 {
          let start = position[shifted[place]] * count
          for match in 0..<count where shifted[match] >= 0 {
            totals[index][match] += scores[start + shifted[match]]
          }
        }
      }
    }
    return totals
  }
}

extension [[Int]] {
  /// The elements of all arrays at the positions of a range.
  fileprivate func joined(in range: Range<Int>) -> [Int] { flatMap { $0[range] } }
}

extension Tensor {
  /// Some rows of a matrix, one below the other.
  fileprivate func rows(_ indices: [Int]) -> Tensor {
    let length = shape[1]
    return Tensor(shape: [indices.count, length]) { out in
      withElements { source in
        for (position, index) in indices.enumerated() {
          for column in 0..<length { out[position * length + column] = source[index * length + column] }
        }
      }
    }
  }
}

package import Tensors

// The weights and the cost of contextual attention, for visualization and reports.
extension ContextualAttention {
  /// The weights with which a position of the downsampled foreground attends to all positions of the downsampled
  /// background. With `reduction` `stride`, they are those of the upper left pixel of each 2x2 square.
  ///
  /// - Parameters:
  ///   - row, column: The position, within half of the foreground's height and width.
  ///   - foreground: [batch, height, width, channels], of even height and width.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: [batch, height / 2, width / 2], which sum to 1 or less: patches that touch the hole have weight 0.
  package func weights(ofRow row: Int, column: Int, in foreground: Tensor, hole: Tensor) -> Tensor {
    let (batch, height, width) = (foreground.shape[0], foreground.shape[1] / 2, foreground.shape[2] / 2)
    precondition(
      (0..<height).contains(row) && (0..<width).contains(column),
      "ContextualAttention.weights: (\(row), \(column)) is not within \(height)x\(width)")
    let pictures = [foreground.detached()]
    let valid = Self.validPatches(hole)
    let rows =
      reduction == .stride
      ? StridedPatchScores(self, pictures, valid, corner: StridedPatchScores.corners[0]).weights
        .sliced(axis: 1, row * width..<(row + 1) * width)
      : PatchScores(self, pictures, valid).weights(of: [row])
    return rows.sliced(axis: 1, column..<column + 1).reshaped(to: [batch, height, width])
  }

  /// The multiply-adds of the published algorithm for one sample: the comparison of all 3x3 patches with all others,
  /// and the pasting of patches of twice the stride.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    let (positions, halved) = (height * width, height * width / 4)
    return reduction == .stride ? positions * halved * (9 + 4) * channels : halved * halved * (9 + 16) * channels
  }
}

/// The directions of an attention: for each position of its grid, the offset to the position with the largest weight.
package struct AttentionMap: Equatable, Sendable {
  /// An offset in grid positions, to the right (x) and downwards (y).
  package struct Offset: Equatable, Sendable {
    package let x: Int
    package let y: Int

    package init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// The size of the grid, a fraction of the pictures' size.
  package let width: Int
  package let height: Int
  /// height · width offsets in row-major order; zero where there is no position to attend to.
  package let offsets: [Offset]

  /// - Precondition: There is an offset for each position.
  package init(width: Int, height: Int, offsets: [Offset]) {
    precondition(
      offsets.count == width * height, "AttentionMap: \(offsets.count) offsets do not make \(width)x\(height)")
    self.width = width
    self.height = height
    self.offsets = offsets
  }
}

extension AttentionMap {
  /// - Parameter matches: The index of the position with the largest weight for each position; nil if there is none.
  init(width: Int, height: Int, matches: ArraySlice<Int?>) {
    let offsets = zip(0..., matches).map { position, match in
      match.map { Offset(x: $0 % width - position % width, y: $0 / width - position / width) } ?? Offset(x: 0, y: 0)
    }
    self.init(width: width, height: height, offsets: offsets)
  }
}

/// The division of a batch that limits the scores in memory: groups of samples, and blocks of rows within a group.
struct AttentionBlocks {
  /// The groups of samples.
  let samples: [Range<Int>]
  /// The blocks of grid rows, the same for each group.
  let rows: [Range<Int>]
  /// The grid's height.
  let height: Int

  /// Small samples are grouped up to this number of scores: enough to keep threads busy, few enough for a processor's
  /// caches.
  private static let scoresAtOnce = 1 << 20

  /// The number of additional rows, above and below together, that a block is computed from.
  private static let halo = 6

  /// - Parameters:
  ///   - pictures: The shape of the foreground, [batch, 2 · height, 2 · width, channels].
  ///   - bytes: The maximum of bytes for scores and weights.
  ///   - matrices: The number of matrices of scores or weights that are live at once.
  init(_ pictures: Shape, bytes: Int, matrices: Int) {
    let (batch, height, width) = (pictures[0], pictures[1] / 2, pictures[2] / 2)
    let rowBytes = width * height * width * MemoryLayout<Scalar>.stride
    let rowsAtOnce = bytes / matrices / rowBytes
    let isWhole = rowsAtOnce >= height
    let blockRows = isWhole ? height : max(1, rowsAtOnce - Self.halo)
    let group = isWhole ? min(rowsAtOnce / height, max(1, Self.scoresAtOnce / (height * width * height * width))) : 1
    samples = (0..<batch).pieces(of: group)
    rows = (0..<height).pieces(of: blockRows)
    self.height = height
  }
}

extension Range<Int> {
  /// Ranges of at most `length` elements, whose lengths differ by at most 1.
  fileprivate func pieces(of length: Int) -> [Range<Int>] {
    let number = (count + length - 1) / length
    return (0..<number).map { lowerBound + count * $0 / number..<lowerBound + count * ($0 + 1) / number }
  }
}

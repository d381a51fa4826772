package import Tensors

/// Contextual attention's weights and cost, for people to see.
extension ContextualAttention {
  /// Weights with which a position of the halved foreground draws from all positions of the halved background. With
  /// strides, the upper left pixel of a square of 2x2.
  ///
  /// - Parameters:
  ///   - row, column: The position, within half of the foreground's height and width.
  ///   - foreground: [batch, height, width, channels], even sizes.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: [batch, height / 2, width / 2], of the sum 1 or less: patches that touch the hole weigh nothing.
  package func weights(ofRow row: Int, column: Int, in foreground: Tensor, hole: Tensor) -> Tensor {
    let (batch, height, width) = (foreground.shape[0], foreground.shape[1] / 2, foreground.shape[2] / 2)
    precondition(
      (0..<height).contains(row) && (0..<width).contains(column),
      "ContextualAttention.weights: (\(row), \(column)) is not within \(height)x\(width)")
    let pictures = [foreground.detached()]
    let usable = Self.usablePatches(hole)
    let rows =
      reduction == .stride
      ? StridedPatchScores(self, pictures, usable, corner: StridedPatchScores.corners[0]).weights
        .sliced(axis: 1, row * width..<(row + 1) * width)
      : PatchScores(self, pictures, usable).weights(of: [row])
    return rows.sliced(axis: 1, column..<column + 1).reshaped(to: [batch, height, width])
  }

  /// The multiplications with an addition that the published arithmetic takes for one picture: the comparison of all
  /// 3x3 patches with all others, and the pasting of patches of twice the stride.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    let (positions, halved) = (height * width, height * width / 4)
    return reduction == .stride ? positions * halved * (9 + 4) * channels : halved * halved * (9 + 16) * channels
  }
}

/// The directions in which an attention looks: for each position of its grid, the way to the one that it attends to
/// most.
package struct AttentionMap: Equatable, Sendable {
  /// In positions of the grid, to the right and downwards.
  package struct Offset: Equatable, Sendable {
    package let x: Int
    package let y: Int

    package init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// The grid's size, a fraction of that of the pictures.
  package let width: Int
  package let height: Int
  /// `height * width` offsets, rows from the top; zero where the attention has nothing to look at.
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
  /// - Parameter matches: The number of the position that each position attends to most, nil if there is none.
  init(width: Int, height: Int, matches: ArraySlice<Int?>) {
    let offsets = zip(0..., matches).map { position, match in
      match.map { Offset(x: $0 % width - position % width, y: $0 / width - position / width) } ?? Offset(x: 0, y: 0)
    }
    self.init(width: width, height: height, offsets: offsets)
  }
}

/// The parts that a batch is cut into, so that the scores that are in memory at once are few: groups of samples, and in
/// these blocks of rows.
struct AttentionBlocks {
  /// The groups of samples.
  let samples: [Range<Int>]
  /// The blocks of grid rows, the same for each group.
  let rows: [Range<Int>]
  /// The grid's height.
  let height: Int

  /// Small pictures are taken together until they have so many scores: enough to keep threads busy, few enough for a
  /// processor's caches.
  private static let scoresAtOnce = 1 << 20

  /// By so many rows, above and below together, what a block is made of reaches beyond it.
  private static let halo = 6

  /// - Parameters:
  ///   - pictures: Their shape, [batch, 2 · height, 2 · width, channels].
  ///   - bytes: What scores and weights may take.
  ///   - matrices: How many matrices of them live at once.
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
  /// Pieces of at most `length` that differ by 1 at most.
  fileprivate func pieces(of length: Int) -> [Range<Int>] {
    let number = (count + length - 1) / length
    return (0..<number).map { lowerBound + count * $0 / number..<lowerBound + count * ($0 + 1) / number }
  }
}

import Tensors

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

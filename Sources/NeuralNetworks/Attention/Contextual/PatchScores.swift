import Tensors

/// The similarity of the patches of some foregrounds to those of their backgrounds, and the weights that follow.
struct PatchScores {
  let background: Tensor
  private let attention: ContextualAttention
  private let queries: Tensor
  private let keys: Tensor
  /// The factors that bring the keys' patches to length 1: [batch, 1, positions].
  private let inverseLengths: Tensor
  private let usable: Tensor

  /// - Parameters:
  ///   - pictures: The foregrounds, [batch, height, width, channels], and the backgrounds if they are others.
  ///   - usable: 1 for keys without a missing pixel, 0 for the others: [batch or 1, 1, positions].
  init(_ attention: ContextualAttention, _ pictures: [Tensor], _ usable: Tensor) {
    let halves = pictures.map {
      $0.resizedNearest(height: $0.shape[1] / 2, width: $0.shape[2] / 2, rule: attention.nearestRule)
    }
    self.attention = attention
    self.usable = usable
    background = pictures[pictures.count - 1]
    queries = halves[0]
    keys = halves[halves.count - 1]
    inverseLengths = (1 / attention.patchLength.lengths(of: keys)).reshaped(to: [keys.shape[0], 1, -1])
  }

  /// The part that each position of some grid rows gets of each patch of the background: [batch, rows · width,
  /// positions].
  func weights(of rows: [Int]) -> Tensor {
    softmax(attention.fuses ? fused(rows) : scores(of: rows), usable: usable, scale: attention.scale)
  }

  /// Adds to each score those of the neighbors before and after, first along rows, then along columns.
  private func fused(_ rows: [Int]) -> Tensor {
    let (height, width) = (keys.shape[1], keys.shape[2])
    let alongRows = PlaceOrder.columns.reach(of: rows, height: height)
    let single = PlaceOrder.rows.reach(of: alongRows, height: height)
    return scores(of: single)
      .diagonalSum(.rows, height: height, width: width, from: single, to: alongRows)
      .diagonalSum(.columns, height: height, width: width, from: alongRows, to: rows)
  }

  private func scores(of rows: [Int]) -> Tensor {
    comparePatches(queries, keys, kernel: 3, rows: rows, scale: inverseLengths)
  }
}

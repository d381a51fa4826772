import Tensors

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

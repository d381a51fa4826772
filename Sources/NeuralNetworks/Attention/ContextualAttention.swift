import Tensors

/// Contextual attention: holes are rebuilt from patches of the known surroundings that match them best (Yu et al., 2018,
/// section 3.2 and 3.3), as two matrix products.
///
/// Foreground and background are halved, and every 3x3 patch of the one is compared with every 3x3 patch of the other,
/// the latter at length 1. A softmax over the scores, sharpened by `scale`, weights the 4x4 patches of the full
/// background, which are pasted at the foreground's place. Patches that touch the hole score 0 before the softmax and
/// weigh nothing after it, so that the weights of a place sum to less than 1, and to 0 if nothing is known. Overlaps are
/// divided by 4 at the borders too.
public struct ContextualAttention: Sendable {
  /// Whether neighbouring scores strengthen each other: a place that follows its left (upper) neighbour as their matches
  /// follow each other is likely to be right.
  public var fuses: Bool
  /// Which pixels halving takes.
  public var nearestRule: NearestRule
  /// What scores are multiplied by before the softmax.
  public var scale: Scalar

  /// Patches shorter than this are not brought to length 1.
  private static let smallestNorm: Scalar = 1e-4

  public init(fuses: Bool = true, nearestRule: NearestRule = .alignCorners, scale: Scalar = 10) {
    self.fuses = fuses
    self.nearestRule = nearestRule
    self.scale = scale
  }

  /// - Parameters:
  ///   - foreground: [batch, height, width, channels], even sizes.
  ///   - background: The same shape; the foreground itself if nil.
  ///   - hole: [batch or 1, height / 2, width / 2, 1], 1 where pixels are missing.
  /// - Returns: The foreground's shape.
  public func callAsFunction(_ foreground: Tensor, background: Tensor? = nil, hole: Tensor) -> Tensor {
    let shape = foreground.shape
    precondition(
      shape.count == 4 && shape[1] % 2 == 0 && shape[2] % 2 == 0 && (background.map { $0.shape == shape } ?? true),
      "ContextualAttention: expected equal shapes of even height and width, found \(shape) and "
        + "\(background?.shape ?? shape)")
    let (height, width) = (shape[1] / 2, shape[2] / 2)
    precondition(
      [[shape[0], height, width, 1], [1, height, width, 1]].contains(hole.shape),
      "ContextualAttention: expected a hole of shape [\(shape[0]) or 1, \(height), \(width), 1], found \(hole.shape)")
    let queries = patches(foreground, height, width)
    let keys = normalized(background.map { patches($0, height, width) } ?? queries)
    var scores = matmul(queries, keys, transposeRight: true)
    if fuses { scores = fused(scores, height, width) }
    let usable = knownPatches(hole)
    let weights = softmax(scores * (usable * scale)) * usable
    let values = (background ?? foreground).unfolded(kernel: 4, stride: 2, padding: Padding(1))
    return matmul(weights, values).folded(to: shape, kernel: 4, stride: 2, padding: Padding(1)) / 4
  }

  /// The 3x3 patches of halved features: [batch, height · width, 9 · channels].
  private func patches(_ features: Tensor, _ height: Int, _ width: Int) -> Tensor {
    features.resizedNearest(height: height, width: width, rule: nearestRule).unfolded(kernel: 3, padding: Padding(1))
  }

  /// Patches at length 1. The floor is put under the square, as the root has no slope at 0.
  private func normalized(_ patches: Tensor) -> Tensor {
    let smallest = Tensor(Self.smallestNorm * Self.smallestNorm)
    return patches / sqrt(maximum(square(patches).sum(axes: [-1]), smallest))
  }

  /// Adds to each score those of the neighbours before and after, first along rows, then along columns. As in the
  /// authors' code the end of a row is a neighbour of the beginning of the next.
  private func fused(_ scores: Tensor, _ height: Int, _ width: Int) -> Tensor {
    let size = height * width
    return scores.diagonalSum()
      .reshaped(to: [-1, height, width, height, width]).permuted([0, 2, 1, 4, 3]).reshaped(to: [-1, size, size])
      .diagonalSum()
      .reshaped(to: [-1, width, height, width, height]).permuted([0, 2, 1, 4, 3]).reshaped(to: [-1, size, size])
  }

  /// 1 for each 3x3 patch without a missing pixel, 0 for the others: [batch or 1, 1, height · width]. What lies outside
  /// the picture counts as known.
  private func knownPatches(_ hole: Tensor) -> Tensor {
    let missing = hole.detached().unfolded(kernel: 3, padding: Padding(1)).maximum(axes: [-1])
    return Tensor(missing.elements.map { $0 == 0 ? 1 : 0 }, shape: [missing.shape[0], 1, missing.shape[1]])
  }
}

import Tensors

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

import Kernels

extension Tensor {
  /// The singular values of a matrix, largest first; nil if an element is not finite. No gradient flows through them.
  package func singularValues() -> [Scalar]? {
    precondition(rank == 2 && count > 0, "singularValues: expected a matrix, found shape \(shape)")
    return isFinite ? Kernels.singularValues(of: source, rows: shape[0], columns: shape[1]) : nil
  }
}

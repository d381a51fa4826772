import Kernels

extension Tensor {
  /// The singular values of a matrix, largest first. No gradient flows through them.
  ///
  /// - Precondition: All elements are finite.
  package func singularValues() -> [Scalar] {
    precondition(rank == 2 && count > 0, "singularValues: expected a matrix, found shape \(shape)")
    guard let values = Kernels.singularValues(of: source, rows: shape[0], columns: shape[1]) else {
      preconditionFailure("singularValues: LAPACK finds none; are all elements of the matrix finite?")
    }
    return values
  }
}

import Kernels

extension Tensor {
  /// y[i, j] = x[i−1, j−1] + x[i, j] + x[i+1, j+1] in each square matrix of [batch, size, size], zeros outside.
  ///
  /// This is contextual attention's fusion (Yu et al., 2018, section 3.3): a score counts more if the neighbours of the
  /// foreground match the neighbours of the background. The operation is its own adjoint.
  public func diagonalSum() -> Tensor {
    precondition(rank == 3 && shape[1] == shape[2], "diagonalSum: expected [batch, size, size], found shape \(shape)")
    return Tensor(shape: shape) { out in
      Kernels.diagonalSum(batch: shape[0], size: shape[1], source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.diagonalSum() }))
  }
}

import Kernels

extension Tensor {
  /// The position along the last axis of the largest element of each row, whatever its sign; the first of equal ones.
  ///
  /// - Returns: One position a row, in row-major order.
  package func argmax() -> [Int] {
    precondition(rank > 0 && shape[rank - 1] > 0, "argmax: the last axis of shape \(shape) is empty")
    let rows = count / shape[rank - 1]
    return [Int](unsafeUninitializedCapacity: rows) { positions, initialized in
      if let positions = positions.baseAddress {
        withExtendedLifetime(self) {
          Kernels.argmax(rows: rows, count: shape[rank - 1], source, into: positions)
        }
      }
      initialized = rows
    }
  }
}

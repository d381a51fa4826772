import Kernels

extension Tensor {
  /// The position along the last axis of the largest element of each row, the first of equal ones; nil for rows without
  /// an element above 0.
  package func positionsOfMaxima() -> [Int?] {
    precondition(rank > 0 && shape[rank - 1] > 0, "positionsOfMaxima: the last axis of shape \(shape) is empty")
    let rows = count / shape[rank - 1]
    return [Int](unsafeUninitializedCapacity: rows) { positions, initialized in
      if let positions = positions.baseAddress {
        withExtendedLifetime(self) {
          Kernels.positionsOfMaxima(rows: rows, count: shape[rank - 1], source, into: positions)
        }
      }
      initialized = rows
    }
    .map { $0 < 0 ? nil : $0 }
  }
}

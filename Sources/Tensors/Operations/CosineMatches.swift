import Kernels

/// For each row of a matrix, the row of another that points most nearly in its direction: the largest
/// ⟨query, key⟩ / (max(‖query‖, 1e-8) · max(‖key‖, 1e-8)), the first of equal ones. A row of zeros is as near to all
/// others. No gradient flows through the choice.
///
/// - Parameters:
///   - queries: [queries, size].
///   - keys: [keys, size], at least one.
/// - Returns: The number of a key for each query.
package func cosineMatches(_ queries: Tensor, _ keys: Tensor) -> [Int] {
  precondition(
    queries.rank == 2 && keys.rank == 2 && keys.count > 0 && queries.shape[1] == keys.shape[1],
    "cosineMatches: rows of shapes \(queries.shape) and \(keys.shape) cannot be compared")
  let (m, n, k) = (queries.shape[0], keys.shape[0], keys.shape[1])
  let (directions, candidates) = (queries.directions, keys.directions)
  return [Int](unsafeUninitializedCapacity: m) { positions, initialized in
    if let positions = positions.baseAddress, m > 0 {
      withExtendedLifetime((directions, candidates)) {
        positionsOfLargestProducts(m: m, n: n, k: k, directions.source, candidates.source, into: positions)
      }
    }
    initialized = m
  }
}

extension Tensor {
  /// Rows of length 1, through which no gradient flows.
  fileprivate var directions: Tensor {
    let rows = detached()
    return rows / Tensors.maximum(sqrt(square(rows).sum(axes: [-1])), Tensor(1e-8))
  }
}

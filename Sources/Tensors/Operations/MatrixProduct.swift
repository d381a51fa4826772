import Kernels

/// The product of two matrices, or of two batches of them.
///
/// The leading axes are equal, or one of the two is a single matrix that is multiplied with the whole batch.
///
/// - Parameters:
///   - left: [..., m, k], or [..., k, m] with `transposeLeft`.
///   - right: [..., k, n], or [..., n, k] with `transposeRight`.
/// - Returns: [..., m, n].
package func matmul(
  _ left: Tensor, _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
) -> Tensor {
  precondition(
    left.rank >= 2 && right.rank >= 2, "matmul: shapes \(left.shape) and \(right.shape) are not both matrices")
  let (leftBatch, rightBatch) = (Shape(left.shape.dropLast(2)), Shape(right.shape.dropLast(2)))
  let (leftRows, leftColumns) = (left.shape[left.rank - 2], left.shape[left.rank - 1])
  let (rightRows, rightColumns) = (right.shape[right.rank - 2], right.shape[right.rank - 1])
  let (m, k) = transposeLeft ? (leftColumns, leftRows) : (leftRows, leftColumns)
  let (sharedRight, n) = transposeRight ? (rightColumns, rightRows) : (rightRows, rightColumns)
  precondition(
    k == sharedRight && (leftBatch == rightBatch || leftBatch.isEmpty || rightBatch.isEmpty),
    "matmul: shapes \(left.shape)\(transposeLeft ? " transposed" : "") and \(right.shape)"
      + "\(transposeRight ? " transposed" : "") do not fit together")
  let batch = leftBatch.isEmpty ? rightBatch : leftBatch
  return Tensor(shape: batch + [m, n]) { out in
    guard k > 0 else { return fill(out.count, 0, into: out.baseAddress!) }
    multiplyBatch(
      batch: batch.elementCount, m: m, n: n, k: k, left.source, transposeA: transposeLeft,
      aBatchStride: leftBatch.isEmpty ? 0 : m * k, right.source, transposeB: transposeRight,
      bBatchStride: rightBatch.isEmpty ? 0 : k * n, into: out.baseAddress!)
  }
  .recorded(
    from: (
      left,
      { cotangent, _ in
        transposeLeft
          ? matmul(right, cotangent, transposeLeft: transposeRight, transposeRight: true)
          : matmul(cotangent, right, transposeRight: !transposeRight)
      }
    ),
    (
      right,
      { cotangent, _ in
        transposeRight
          ? matmul(cotangent, left, transposeLeft: true, transposeRight: transposeLeft)
          : matmul(left, cotangent, transposeLeft: !transposeLeft)
      }
    ))
}

extension Tensor {
  /// The singular values of a matrix in descending order; nil if an element is not finite. No gradient flows through
  /// them.
  package func singularValues() -> [Scalar]? {
    precondition(rank == 2 && count > 0, "singularValues: expected a matrix, found shape \(shape)")
    return isFinite ? Kernels.singularValues(of: source, rows: shape[0], columns: shape[1]) : nil
  }
}

/// For each query, the index of the key with the largest cosine similarity,
/// ⟨query, key⟩ / (max(‖query‖, 1e-8) · max(‖key‖, 1e-8)). Of equal ones the first counts. No gradient flows through
/// the choice.
///
/// - Parameters:
///   - queries: [queries, size].
///   - keys: [keys, size], at least one.
/// - Returns: One index per query.
package func cosineMatches(_ queries: Tensor, _ keys: Tensor) -> [Int] {
  precondition(
    queries.rank == 2 && keys.rank == 2 && keys.count > 0 && queries.shape[1] == keys.shape[1],
    "cosineMatches: queries of shape \(queries.shape) and keys of shape \(keys.shape) do not fit together")
  let (m, n, k) = (queries.shape[0], keys.shape[0], keys.shape[1])
  let (directions, candidates) = (queries.directions, keys.directions)
  return [Int](unsafeUninitializedCapacity: m) { positions, initialized in
    if let positions = positions.baseAddress, m > 0 {
      withExtendedLifetime((directions, candidates)) {
        argmaxOfProducts(m: m, n: n, k: k, directions.source, candidates.source, into: positions)
      }
    }
    initialized = m
  }
}

extension Tensor {
  /// The rows divided by their L2 norms, detached.
  fileprivate var directions: Tensor {
    let rows = detached()
    return rows / Tensors.maximum(sqrt(square(rows).sum(axes: [-1])), Tensor(1e-8))
  }
}

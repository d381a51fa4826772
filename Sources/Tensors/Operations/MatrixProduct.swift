import Kernels

/// The product of two matrices, or of two batches of them.
///
/// - Parameters:
///   - left: [..., m, k], or [..., k, m] with `transposeLeft`.
///   - right: [..., k, n], or [..., n, k] with `transposeRight`.
///
/// The leading axes are equal, or one of the two is a single matrix that serves the whole batch.
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

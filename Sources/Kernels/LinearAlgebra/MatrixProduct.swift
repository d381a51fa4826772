import COpenBLAS

/// The library that multiplies matrices.
package enum BLAS {
  /// OpenBLAS's kernel for this processor, such as `Zen`: results differ in the last bits between kernels.
  package static var kernelName: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build options.
  package static var version: String { String(cString: openblas_get_config()) }

  /// One thread a call: four calls side by side are faster than one call on four threads, and their results do not
  /// depend on how many threads there are.
  static let useOneThread: Void = openblas_set_num_threads(1)
}

/// C = A · B, or C += A · B, of row-major matrices on the calling thread.
///
/// - Parameters:
///   - m, n, k: C is m x n; A is m x k, or k x m if `transposeA`; B is k x n, or n x k if `transposeB`.
///   - aStride, bStride, cStride: The distance between rows as stored.
func multiply(
  m: Int, n: Int, k: Int,
  _ a: Source, transposeA: Bool = false, aStride: Int,
  _ b: Source, transposeB: Bool = false, bStride: Int,
  into c: Destination, cStride: Int, accumulate: Bool = false
) {
  _ = BLAS.useOneThread
  let operationA = transposeA ? CblasTrans : CblasNoTrans
  let operationB = transposeB ? CblasTrans : CblasNoTrans
  #if DoublePrecision
    cblas_dgemm(
      CblasRowMajor, operationA, operationB, blasint(m), blasint(n), blasint(k), 1, a, blasint(aStride), b,
      blasint(bStride), accumulate ? 1 : 0, c, blasint(cStride))
  #else
    cblas_sgemm(
      CblasRowMajor, operationA, operationB, blasint(m), blasint(n), blasint(k), 1, a, blasint(aStride), b,
      blasint(bStride), accumulate ? 1 : 0, c, blasint(cStride))
  #endif
}

/// The product of `batch` pairs of contiguous row-major matrices: C[i] = A[i] · B[i].
///
/// A matrix that is shared by the whole batch has the batch stride 0.
package func multiplyBatch(
  batch: Int, m: Int, n: Int, k: Int,
  _ a: Source, transposeA: Bool, aBatchStride: Int,
  _ b: Source, transposeB: Bool, bBatchStride: Int,
  into c: Destination
) {
  let tileRows = 128
  let tiles = (m + tileRows - 1) / tileRows
  parallel(tasks: batch * tiles) { task in
    let (index, tile) = task.quotientAndRemainder(dividingBy: tiles)
    let row = tile * tileRows
    multiply(
      m: min(tileRows, m - row), n: n, k: k,
      a + index * aBatchStride + (transposeA ? row : row * k), transposeA: transposeA, aStride: transposeA ? m : k,
      b + index * bBatchStride, transposeB: transposeB, bStride: transposeB ? k : n,
      into: c + index * m * n + row * n, cStride: n)
  }
}

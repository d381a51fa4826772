import COpenBLAS

/// The singular values of a row-major matrix, largest first (LAPACK's `gesdd`); nil if LAPACK finds none, as of a matrix
/// with a NaN.
package func singularValues(of matrix: Source, rows: Int, columns: Int) -> [Scalar]? {
  _ = BLAS.useOneThread
  var copy = [Scalar](UnsafeBufferPointer(start: matrix, count: rows * columns))
  var values = [Scalar](repeating: 0, count: min(rows, columns))
  #if DoublePrecision
    let status = LAPACKE_dgesdd(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns), &copy, Int32(columns),
      &values, nil, 1, nil, Int32(columns))
  #else
    let status = LAPACKE_sgesdd(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns), &copy, Int32(columns),
      &values, nil, 1, nil, Int32(columns))
  #endif
  return status == 0 ? values : nil
}

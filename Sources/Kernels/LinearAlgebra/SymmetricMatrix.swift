import COpenBLAS

/// A symmetric matrix of 64-bit numbers, whatever `Scalar` is: for covariances, whose differences would drown in 32 bits.
///
/// Only the upper triangle counts; what is below the diagonal is whatever the last operation left there.
package struct SymmetricMatrix: Sendable {
  /// The number of rows and of columns.
  package let size: Int
  /// size · size numbers, row-major.
  private var elements: [Double]

  package init(zerosOfSize size: Int) {
    precondition(size > 0, "SymmetricMatrix: the size (\(size)) must be positive")
    self.size = size
    elements = [Double](repeating: 0, count: size * size)
  }

  package subscript(row: Int, column: Int) -> Double {
    get { elements[min(row, column) * size + max(row, column)] }
    set { elements[min(row, column) * size + max(row, column)] = newValue }
  }

  /// The sum of the diagonal, which is that of the eigenvalues.
  package var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

  /// Adds scale · v vᵀ.
  package mutating func addOuterProduct(of vector: [Double], scale: Double) {
    precondition(vector.count == size, "SymmetricMatrix: \(vector.count) numbers for \(size) rows")
    _ = BLAS.useOneThread
    cblas_dsyr(CblasRowMajor, CblasUpper, blasint(size), scale, vector, 1, &elements, blasint(size))
  }

  /// The matrix times a number.
  package func scaled(by factor: Double) -> SymmetricMatrix {
    var scaled = self
    for index in scaled.elements.indices { scaled.elements[index] *= factor }
    return scaled
  }

  /// The eigenvalues, smallest first (LAPACK's `dsyevd`); nil if LAPACK finds none, as of a matrix with a NaN.
  package func eigenvalues() -> [Double]? {
    var copy = self
    return copy.decompose(vectors: false)
  }

  /// The positive semidefinite square root V Λ^½ Vᵀ, where eigenvalues that rounding made negative count as 0; nil if there
  /// are no eigenvalues.
  package func squareRoot() -> SymmetricMatrix? {
    var rows = self
    guard let values = rows.decompose(vectors: true) else { return nil }
    // Eigenvectors times λ^¼, so that the root is a product of the same matrix twice.
    for (row, value) in values.enumerated() {
      let factor = max(value, 0).squareRoot().squareRoot()
      for index in row * size..<(row + 1) * size { rows.elements[index] *= factor }
    }
    var root = SymmetricMatrix(zerosOfSize: size)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, blasint(size), blasint(size), 1, rows.elements, blasint(size), 0,
      &root.elements, blasint(size))
    return root
  }

  /// left · self · left.
  package func between(_ left: SymmetricMatrix) -> SymmetricMatrix {
    precondition(left.size == size, "SymmetricMatrix: \(left.size) rows beside \(size)")
    return left.product(with: product(with: left.mirrored()))
  }

  /// The symmetric matrix times a whole one.
  private func product(with other: SymmetricMatrix) -> SymmetricMatrix {
    var product = SymmetricMatrix(zerosOfSize: size)
    cblas_dsymm(
      CblasRowMajor, CblasLeft, CblasUpper, blasint(size), blasint(size), 1, elements, blasint(size), other.elements,
      blasint(size), 0, &product.elements, blasint(size))
    return product
  }

  /// With the upper triangle also below the diagonal.
  private func mirrored() -> SymmetricMatrix {
    var mirrored = self
    for row in 1..<max(size, 1) {
      for column in 0..<row { mirrored.elements[row * size + column] = elements[column * size + row] }
    }
    return mirrored
  }

  /// The eigenvalues; the rows become the eigenvectors if they are wanted. Column-major, which exchanges triangles, because
  /// LAPACKE copies row-major matrices.
  private mutating func decompose(vectors: Bool) -> [Double]? {
    _ = BLAS.useOneThread
    guard elements.allSatisfy(\.isFinite) else { return nil }
    var values = [Double](repeating: 0, count: size)
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    let status = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, job, CChar(UInt8(ascii: "L")), Int32(size), &elements, Int32(size), &values)
    return status == 0 ? values : nil
  }
}

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

import COpenBLAS

/// A symmetric matrix of `Double`, whatever `Scalar` is: for covariances, whose differences 32 bits would not resolve.
///
/// Only the upper triangle is defined; the elements below the diagonal are arbitrary.
package struct SymmetricMatrix: Sendable {
  /// The number of rows and of columns.
  package let size: Int
  /// size · size elements, row-major.
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

  /// The sum of the diagonal, which equals the sum of the eigenvalues.
  package var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

  /// Adds scale · v vᵀ.
  package mutating func addOuterProduct(of vector: [Double], scale: Double) {
    precondition(vector.count == size, "SymmetricMatrix: a vector of size \(vector.count) for a matrix of size \(size)")
    _ = BLAS.useOneThread
    cblas_dsyr(CblasRowMajor, CblasUpper, blasint(size), scale, vector, 1, &elements, blasint(size))
  }

  /// The matrix times a scalar.
  package func scaled(by factor: Double) -> SymmetricMatrix {
    var scaled = self
    for index in scaled.elements.indices { scaled.elements[index] *= factor }
    return scaled
  }

  /// The eigenvalues in ascending order (LAPACK's `dsyevd`); nil if LAPACK fails, as for a matrix with a NaN.
  package func eigenvalues() -> [Double]? {
    var copy = self
    return copy.decompose(vectors: false)
  }

  /// The positive semidefinite square root V Λ^½ Vᵀ, with eigenvalues that are negative through rounding taken as 0;
  /// nil if the decomposition fails.
  package func squareRoot() -> SymmetricMatrix? {
    var rows = self
    guard let values = rows.decompose(vectors: true) else { return nil }
    // Eigenvectors times λ^¼, so that the root is the product of one matrix with its transpose.
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
    precondition(left.size == size, "SymmetricMatrix: the sizes \(left.size) and \(size) differ")
    return left.product(with: product(with: left.mirrored()))
  }

  /// The product with a full matrix.
  private func product(with other: SymmetricMatrix) -> SymmetricMatrix {
    var product = SymmetricMatrix(zerosOfSize: size)
    cblas_dsymm(
      CblasRowMajor, CblasLeft, CblasUpper, blasint(size), blasint(size), 1, elements, blasint(size), other.elements,
      blasint(size), 0, &product.elements, blasint(size))
    return product
  }

  /// The matrix with its upper triangle copied below the diagonal.
  private func mirrored() -> SymmetricMatrix {
    var mirrored = self
    for row in 1..<max(size, 1) {
      for column in 0..<row { mirrored.elements[row * size + column] = elements[column * size + row] }
    }
    return mirrored
  }

  /// Returns the eigenvalues and replaces the rows by the eigenvectors if they are wanted. Column-major, which
  /// exchanges the triangles, because LAPACKE copies row-major matrices.
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

/// The singular values of a row-major matrix in descending order (LAPACK's `gesdd`); nil if LAPACK fails, as for a
/// matrix with a NaN.
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

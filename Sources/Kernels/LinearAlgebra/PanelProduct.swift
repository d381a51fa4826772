// Packed GEMM: matrix products whose right operand is packed into panels of 16 columns, [ceil(n / 16)][k][16], padded
// with zero columns. A filter is packed once and multiplied by all tiles.

/// The number of scalars in the panels of a k x n matrix.
func panelsLength(k: Int, n: Int) -> Int {
  (n + Microkernel.columns - 1) / Microkernel.columns * Microkernel.columns * k
}

/// Packs a row-major k x n matrix into panels, on the calling thread.
func packPanels(k: Int, n: Int, _ b: Source, stride: Int, into panels: Destination) {
  let columns = Microkernel.columns
  for first in Swift.stride(from: 0, to: n, by: columns) {
    let panel = panels + first * k
    let count = min(columns, n - first)
    for row in 0..<k {
      let (source, target) = (b + row * stride + first, panel + row * columns)
      if count == columns {
        target.store(source.lanes(0), 0)
        target.store(source.lanes(8), 8)
      } else {
        for column in 0..<columns { target[column] = column < count ? source[column] : 0 }
      }
    }
  }
}

/// Packs a row-major k x n matrix into panels, on all threads.
func packPanelsInParallel(k: Int, n: Int, _ b: Source, into panels: Destination) {
  let columns = Microkernel.columns
  let count = (n + columns - 1) / columns
  parallelRanges(count, grain: max(1, elementGrain / (columns * max(1, k)))) { range in
    let first = range.lowerBound * columns
    packPanels(
      k: k, n: min(n, range.upperBound * columns) - first, b + first, stride: n, into: panels + first * k)
  }
}

/// C = A · B, or C += A · B, on the calling thread.
///
/// - Parameters:
///   - m, n, k: A is m x k, C is m x n.
///   - rowStride, step: Element (r, i) of A is a[r · rowStride + i · step]: `step` is 1 for a row-major matrix,
///     `rowStride` for a transposed one.
///   - panels: B as packed by `packPanels`.
///   - cStride: The distance between the rows of C.
func multiplyPanels(
  m: Int, n: Int, k: Int, _ a: Source, rowStride: Int, step: Int, panels: Source, into c: Destination, cStride: Int,
  accumulates: Bool = false
) {
  GEMM.checkPacked()
  let (rows, columns) = (Microkernel.rows, Microkernel.columns)
  // A segment of a panel stays in the L1 cache while all rows are multiplied by it.
  let stretch = step == 1 ? 384 : 128
  for first in stride(from: 0, to: k, by: stretch) {
    let length = min(stretch, k - first)
    let adds = accumulates || first > 0
    for column in stride(from: 0, to: n, by: columns) {
      let panel = panels + column * k + first * columns
      for row in stride(from: 0, to: m, by: rows) {
        let x = a + row * rowStride + first * step
        let target = c + row * cStride + column
        if row + rows <= m && column + columns <= n {
          Microkernel.multiply(
            length, x, x + rowStride, x + 2 * rowStride, x + 3 * rowStride, x + 4 * rowStride, x + 5 * rowStride,
            step: step, panel: panel, into: target, stride: cStride, accumulates: adds)
        } else {
          multiplyEdge(
            rows: min(rows, m - row), columns: min(columns, n - column), length, x, rowStride: rowStride, step: step,
            panel: panel, into: target, stride: cStride, accumulates: adds)
        }
      }
    }
  }
}

/// Computes a block at the edge of C: a full block goes to a buffer, and the part inside C is copied. The last row
/// stands in for missing ones.
private func multiplyEdge(
  rows: Int, columns: Int, _ k: Int, _ a: Source, rowStride: Int, step: Int, panel: Source, into c: Destination,
  stride: Int, accumulates: Bool
) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: Microkernel.rows * Microkernel.columns) { buffer in
    let block = buffer.baseAddress!
    func row(_ index: Int) -> Source { a + min(index, rows - 1) * rowStride }
    Microkernel.multiply(
      k, row(0), row(1), row(2), row(3), row(4), row(5), step: step, panel: panel, into: block,
      stride: Microkernel.columns, accumulates: false)
    for row in 0..<rows {
      let (source, target) = (block + row * Microkernel.columns, c + row * stride)
      for column in 0..<columns {
        target[column] = accumulates ? target[column] + source[column] : source[column]
      }
    }
  }
}

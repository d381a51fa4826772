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
///   - panels: B as packed by `packPanels`, with `panelStride` between its panels.
///   - cStride: The distance between the rows of C.
func multiplyPanels(
  m: Int, n: Int, k: Int, _ a: Source, rowStride: Int, step: Int, panels: Source, panelStride: Int,
  into c: Destination, cStride: Int, accumulates: Bool = false
) {
  GEMM.checkPacked()
  let columns = Microkernel.columns
  // A segment of a panel stays in the L1 cache while all rows are multiplied by it.
  let stretch = step == 1 ? 384 : 128
  for first in stride(from: 0, to: k, by: stretch) {
    let block = PanelBlock(
      k: min(stretch, k - first), a: a + first * step, rowStride: rowStride, step: step, panelStride: panelStride,
      cStride: cStride, accumulates: accumulates || first > 0)
    var column = 0
    while column < n {
      let panel = panels + column / columns * panelStride + first * columns
      let rest = n - column
      if rest > columns, InstructionSet.prefersWideLanes {
        block.multiplyTwoPanels(rows: m, columns: min(2 * columns, rest), panel, into: c + column)
        column += 2 * columns
      } else {
        block.multiplyPanel(rows: m, columns: min(columns, rest), panel, into: c + column)
        column += columns
      }
    }
  }
}

/// The product of some columns of A and the rows of panels that they meet.
private struct PanelBlock {
  let k: Int
  let a: Source
  let rowStride: Int
  let step: Int
  let panelStride: Int
  let cStride: Int
  let accumulates: Bool

  /// True if many rows of A stay in the L1 cache: lines whose distance is a multiple of 4 KiB share 8 or 12 places.
  private var rowsFitCache: Bool { rowStride * MemoryLayout<Scalar>.stride % 4096 != 0 }

  /// All rows by two panels, of which `columns` are kept, more than those of one.
  func multiplyTwoPanels(rows m: Int, columns: Int, _ panel: Source, into c: Destination) {
    var row = 0
    if rowsFitCache {
      while row + 12 <= m { multiplyWide(WideMicrokernel<4, 2>.self, &row, columns: columns, panel, into: c) }
    }
    while row + 6 <= m { multiplyWide(WideMicrokernel<2, 2>.self, &row, columns: columns, panel, into: c) }
    if row < m {
      let width = Microkernel.columns
      multiplyNarrow(row..<m, columns: width, panel, into: c)
      multiplyNarrow(row..<m, columns: columns - width, panel + panelStride, into: c + width)
    }
  }

  /// All rows by one panel, of which `columns` are kept.
  func multiplyPanel(rows m: Int, columns: Int, _ panel: Source, into c: Destination) {
    var row = 0
    if InstructionSet.prefersWideLanes {
      if rowsFitCache {
        while row + 24 <= m { multiplyWide(WideMicrokernel<8, 1>.self, &row, columns: columns, panel, into: c) }
        while row + 12 <= m { multiplyWide(WideMicrokernel<4, 1>.self, &row, columns: columns, panel, into: c) }
      }
      while row + 6 <= m { multiplyWide(WideMicrokernel<2, 1>.self, &row, columns: columns, panel, into: c) }
    }
    multiplyNarrow(row..<m, columns: columns, panel, into: c)
  }

  /// The next rows by a wide microkernel.
  @inline(__always)
  private func multiplyWide<let triples: Int, let panels: Int>(
    _ kernel: WideMicrokernel<triples, panels>.Type, _ row: inout Int, columns: Int, _ panel: Source,
    into c: Destination
  ) {
    let (x, target) = (a + row * rowStride, c + row * cStride)
    let (rows, width) = (3 * triples, Microkernel.columns * panels)
    row += rows
    if columns == width {
      kernel.multiply(
        k, x, rowStride: rowStride, step: step, panel: panel, panelStride: panelStride, into: target, stride: cStride,
        accumulates: accumulates)
    } else {
      withEdge(rows: rows, columns: columns, width: width, into: target) {
        kernel.multiply(
          k, x, rowStride: rowStride, step: step, panel: panel, panelStride: panelStride, into: $0, stride: width,
          accumulates: false)
      }
    }
  }

  /// Some rows by one panel.
  private func multiplyNarrow(_ range: Range<Int>, columns: Int, _ panel: Source, into c: Destination) {
    let (height, width) = (Microkernel.rows, Microkernel.columns)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: height) {
      let rows = min(height, range.upperBound - first)
      let target = c + first * cStride
      // The last row stands in for missing ones.
      func row(_ index: Int) -> Source { a + (first + min(index, rows - 1)) * rowStride }
      func multiply(into out: Destination, stride: Int, accumulates: Bool) {
        Microkernel.multiply(
          k, row(0), row(1), row(2), row(3), row(4), row(5), step: step, panel: panel, into: out, stride: stride,
          accumulates: accumulates)
      }
      if rows == height && columns == width {
        multiply(into: target, stride: cStride, accumulates: accumulates)
      } else {
        withEdge(rows: rows, columns: columns, width: width, into: target) {
          multiply(into: $0, stride: width, accumulates: false)
        }
      }
    }
  }

  /// Computes a block at the edge of C: `body` writes a full one to a buffer, and the part inside C is copied or added.
  ///
  /// - Parameter width: The number of columns of a full block.
  @inline(__always)
  private func withEdge(rows: Int, columns: Int, width: Int, into c: Destination, _ body: (Destination) -> Void) {
    // Room for the largest block of any microkernel.
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 24 * Microkernel.columns) { buffer in
      let block = buffer.baseAddress!
      body(block)
      for row in 0..<rows {
        let (source, target) = (block + row * width, c + row * cStride)
        for column in 0..<columns {
          target[column] = accumulates ? target[column] + source[column] : source[column]
        }
      }
    }
  }
}

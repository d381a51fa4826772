/// For each row of `queries`, the index of the row of `keys` with the largest dot product.
///
/// Of equal products the first counts. The index is 0 if no product is larger than -∞, as when all are NaN. Products
/// are computed in blocks: the m x n matrix never exists as a whole. Equal keys have equal products, bit for bit,
/// wherever they are in `keys`, because all products are summed in the same order.
///
/// - Parameters:
///   - m, n, k: `queries` is m x k, `keys` is n x k; n > 0.
///   - positions: m row indices of `keys`.
package func argmaxOfProducts(
  m: Int, n: Int, k: Int, _ queries: Source, _ keys: Source, into positions: UnsafeMutablePointer<Int>
) {
  let (blockRows, blockColumns) = (96, 512)
  withScratch(panelsLength(k: k, n: n)) { panels in
    withScratch(k * n) { columns in
      transpose(rows: n, columns: k, keys, into: columns)
      packPanelsInParallel(k: k, n: n, columns, into: panels)
    }
    parallelWorkers(tasks: (m + blockRows - 1) / blockRows) { next in
      withScratch(blockRows * (blockColumns + 1)) { products in
        let largest = products + blockRows * blockColumns
        while let task = next() {
          let first = task * blockRows
          let rows = min(blockRows, m - first)
          largest.update(repeating: -.infinity, count: rows)
          (positions + first).update(repeating: 0, count: rows)
          for column in stride(from: 0, to: n, by: blockColumns) {
            let columns = min(blockColumns, n - column)
            multiplyPanels(
              m: rows, n: columns, k: k, queries + first * k, rowStride: k, step: 1, panels: panels + column * k,
              panelStride: k * Microkernel.columns, into: products, cStride: blockColumns)
            for row in 0..<rows {
              let line = products + row * blockColumns
              guard let position = positionAbove(&largest[row], line, columns) else { continue }
              positions[first + row] = column + position
            }
          }
        }
      }
    }
  }
}

/// The index of the largest element, if it is larger than `bound`, which is then set to that element.
@inline(__always)
private func positionAbove(_ bound: inout Scalar, _ x: Source, _ count: Int) -> Int? {
  var largest = bound
  for i in 0..<count { largest = x[i] > largest ? x[i] : largest }
  guard largest > bound else { return nil }
  bound = largest
  var position = 0
  while x[position] != largest { position += 1 }
  return position
}

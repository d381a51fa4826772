/// A convolution by F(4x4, 3x3): 36 products a tile of 16 pixels instead of 144.
///
/// A block of tiles is transformed and multiplied by the filter, sixteen columns of it at a time: their products stay in
/// the second-level cache until they are transformed back into pixels. If the filter is too large to be read again for
/// every block, all threads share one large block and its columns are divided among them.
///
/// - Parameters:
///   - u: The transformed filter; its halves are paired if the output goes through a gate.
func winogradConvolve(
  _ plan: WinogradPlan, x: Source, filter: WinogradFilter, _ u: Source, into output: WinogradOutput
) {
  let product = WinogradProduct(plan: plan, filter: filter, u: u, output: output)
  if filter.length <= WinogradProduct.cachedFilterLength {
    product.blockByBlock(x: x)
  } else {
    product.columnByColumn(x: x)
  }
}

private struct WinogradProduct {
  let plan: WinogradPlan
  let filter: WinogradFilter
  let u: Source
  let output: WinogradOutput

  /// Filters up to this length are read again by every block of tiles.
  static let cachedFilterLength = 3 << 20

  private var columns: Int { Microkernel.columns }
  /// A panel's products of each tile: 36 matrices of capacity x 16.
  private func productsLength(_ capacity: Int) -> Int { 36 * capacity * columns }
  /// Consecutive matrices must not fall onto the same places of the caches.
  private func matrixStride(_ capacity: Int) -> Int { capacity * filter.channels + columns }

  /// Every block of tiles is one task.
  func blockByBlock(x: Source) {
    let budget = 96 << 10  // scalars
    let cached = budget / (36 * filter.channels)
    let shared = (plan.tileCount + 15) / 16
    let capacity = roundedUp(max(1, min(96, cached, shared)))
    parallelWorkers(tasks: (plan.tileCount + capacity - 1) / capacity) { next in
      withScratch(36 * matrixStride(capacity) + productsLength(capacity)) { v in
        while let task = next() {
          let tiles = task * capacity..<min(plan.tileCount, (task + 1) * capacity)
          plan.transformInput(tiles, x, into: v, matrixStride: matrixStride(capacity))
          for column in stride(from: 0, to: filter.filters, by: columns) {
            multiply(tiles, first: 0, v, capacity, column: column, products: v + 36 * matrixStride(capacity))
          }
        }
      }
    }
  }

  /// A large block of tiles after the other; the tasks are its transforms, and then the panels.
  func columnByColumn(x: Source) {
    let budget = 6 << 20  // scalars
    let capacity = roundedUp(max(1, min(plan.tileCount, budget / (36 * filter.channels))))
    let part = 12  // tiles of one task
    withScratch(36 * matrixStride(capacity)) { v in
      for first in stride(from: 0, to: plan.tileCount, by: capacity) {
        let end = min(plan.tileCount, first + capacity)
        parallel(tasks: (end - first + part - 1) / part) { task in
          let start = first + task * part
          plan.transformInput(
            start..<min(end, start + part), x, into: v + (start - first) * filter.channels,
            matrixStride: matrixStride(capacity))
        }
        let parts = stride(from: first, to: end, by: 48).map { $0..<min(end, $0 + 48) }
        let panels = (filter.filters + columns - 1) / columns
        parallelWorkers(tasks: panels * parts.count) { next in
          withScratch(productsLength(48)) { products in
            while let task = next() {
              let (panel, part) = task.quotientAndRemainder(dividingBy: parts.count)
              multiply(
                parts[part], first: parts[part].lowerBound - first, v, capacity, column: panel * columns,
                products: products)
            }
          }
        }
      }
    }
  }

  /// The products of some tiles with one panel of the filter, transformed back into pixels.
  ///
  /// - Parameter first: The tiles' first row in the matrices `v`.
  @inline(__always)
  private func multiply(
    _ tiles: Range<Int>, first: Int, _ v: Source, _ capacity: Int, column: Int, products: Destination
  ) {
    let rows = roundedUp(tiles.count)
    for element in 0..<36 {
      // [tiles x channels] · [channels x 16]. Rows behind the last tile are multiplied too, and nobody looks at them.
      multiplyPanels(
        m: rows, n: columns, k: filter.channels, v + element * matrixStride(capacity) + first * filter.channels,
        rowStride: filter.channels, step: 1, panels: u + element * filter.matrixLength + column * filter.channels,
        into: products + element * rows * columns, cStride: columns)
    }
    switch output {
    case .pixels(let y, let bias):
      for half in stride(from: 0, to: min(columns, filter.filters - column), by: Lanes.scalarCount) {
        plan.transformOutput(
          tiles, products + half, matrixStride: rows * columns, filter: column + half, bias: bias, into: y)
      }
    case .gate(let activation, let out, let preactivation, let bias):
      plan.transformGated(
        tiles, products, matrixStride: rows * columns, pair: column / 2, activation, bias: bias,
        preactivation: preactivation, into: out)
    }
  }

  private func roundedUp(_ tiles: Int) -> Int {
    (tiles + Microkernel.rows - 1) / Microkernel.rows * Microkernel.rows
  }
}

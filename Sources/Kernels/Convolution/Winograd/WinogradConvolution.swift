/// A convolution by F(4x4, 3x3): 36 products a tile of 16 pixels instead of 144.
///
/// A block of tiles is transformed and multiplied by the filter, sixteen columns of it at a time: their products stay in
/// the second-level cache until they are transformed back into pixels.
///
/// - Parameters:
///   - w: The stored filter.
///   - filter: How it is transformed; its halves are paired if the output goes through a gate.
///   - kept: Where the transformed filter is looked for first, and left for the next time, if it is small.
func winogradConvolve(
  _ plan: WinogradPlan, x: Source, w: Source, filter: WinogradFilter, kept: TransformedFilters? = nil,
  on backEnd: GEMM.BackEnd = GEMM.backEnd, into output: WinogradOutput
) {
  let product = WinogradProduct(plan: plan, filter: filter, backEnd: backEnd, output: output)
  if filter.length > WinogradProduct.cachedFilterLength {
    product.panelByPanel(x: x, w: w)
  } else if let kept {
    let transformed = kept.filter(filter) { filter.transform(w, into: $0) }
    withExtendedLifetime(transformed) { product.blockByBlock(x: x, u: transformed.memory) }
  } else {
    withScratch(filter.length) { u in
      filter.transform(w, into: u)
      product.blockByBlock(x: x, u: u)
    }
  }
}

private struct WinogradProduct {
  let plan: WinogradPlan
  let filter: WinogradFilter
  let backEnd: GEMM.BackEnd
  let output: WinogradOutput

  /// Filters up to this length are transformed first, and read again by every block of tiles.
  static let cachedFilterLength = 3 << 20

  private var columns: Int { Microkernel.columns }
  /// A panel's products of each tile: 36 matrices of capacity x 16.
  private func productsLength(_ capacity: Int) -> Int { 36 * capacity * columns }
  /// Consecutive matrices must not fall onto the same sets of the caches.
  private func inputStride(_ capacity: Int) -> Int { capacity * filter.channels + columns }

  /// Every block of tiles is one task.
  ///
  /// - Parameter u: The transformed filter.
  func blockByBlock(x: Source, u: Source) {
    let budget = 96 << 10  // scalars
    let cached = budget / (36 * filter.channels)
    let shared = (plan.tileCount + 15) / 16
    let capacity = roundedUp(max(1, min(96, cached, shared)))
    parallelWorkers(tasks: (plan.tileCount + capacity - 1) / capacity) { next in
      withScratch(36 * inputStride(capacity) + productsLength(capacity)) { v in
        while let task = next() {
          let tiles = task * capacity..<min(plan.tileCount, (task + 1) * capacity)
          plan.transformInput(tiles, x, into: v, matrixStride: inputStride(capacity))
          for panel in 0..<filter.panels {
            multiply(
              tiles, v, inputStride(capacity), panel, u + panel * filter.panelLength, filter.matrixStride,
              products: v + 36 * inputStride(capacity))
          }
        }
      }
    }
  }

  /// A large block of tiles after the other is shared by all threads, and the panels of the filter are the tasks. Each is
  /// transformed when its turn comes: the whole would be too large for the caches, and the memory it took would cost more
  /// than its products.
  func panelByPanel(x: Source, w: Source) {
    let budget = 6 << 20  // scalars
    let capacity = roundedUp(max(1, min(plan.tileCount, budget / (36 * filter.channels))))
    withScratch(36 * inputStride(capacity)) { v in
      for first in stride(from: 0, to: plan.tileCount, by: capacity) {
        let block = first..<min(plan.tileCount, first + capacity)
        plan.transformInputInParallel(block, x, into: v, matrixStride: inputStride(capacity))
        parallelWorkers(tasks: filter.panels) { next in
          let part = 48  // tiles whose products stay in the cache
          withScratch(36 * filter.panelStride + productsLength(part)) { u in
            while let panel = next() {
              filter.transformPanel(panel, w, into: u, matrixStride: filter.panelStride)
              for start in stride(from: first, to: block.upperBound, by: part) {
                multiply(
                  start..<min(block.upperBound, start + part), v + (start - first) * filter.channels,
                  inputStride(capacity), panel, u, filter.panelStride, products: u + 36 * filter.panelStride)
              }
            }
          }
        }
      }
    }
  }

  /// The products of some tiles with one panel of the filter, transformed back into pixels.
  ///
  /// - Parameters:
  ///   - v: The first row of the tiles in the first of their matrices, which are `inputStride` apart.
  ///   - u: The panel in the first of the filter's matrices, which are `filterStride` apart.
  @inline(__always)
  private func multiply(
    _ tiles: Range<Int>, _ v: Source, _ inputStride: Int, _ panel: Int, _ u: Source, _ filterStride: Int,
    products: Destination
  ) {
    let rows = roundedUp(tiles.count)
    for element in 0..<36 {
      // [tiles x channels] · [channels x 16]. Rows behind the last tile are multiplied too, and nobody looks at them.
      RightMatrix(on: backEnd, k: filter.channels, panel: u + element * filterStride)
        .multiply(
          m: rows, v + element * inputStride, rowStride: filter.channels, step: 1,
          into: products + element * rows * columns, cStride: columns)
    }
    switch output {
    case .pixels(let y, let bias, let activation):
      let column = panel * columns
      for half in stride(from: 0, to: min(columns, filter.filters - column), by: Lanes.scalarCount) {
        plan.transformOutput(
          tiles, products + half, matrixStride: rows * columns, filter: column + half, bias: bias, activation, into: y)
      }
    case .gate(let activation, let out, let preactivation, let bias):
      plan.transformGated(
        tiles, products, matrixStride: rows * columns, pair: panel * Lanes.scalarCount, activation, bias: bias,
        preactivation: preactivation, into: out)
    }
  }

  private func roundedUp(_ tiles: Int) -> Int {
    (tiles + Microkernel.rows - 1) / Microkernel.rows * Microkernel.rows
  }
}

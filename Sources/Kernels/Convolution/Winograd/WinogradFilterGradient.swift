/// The filter gradient of a convolution by F(4x4, 3x3): the adjoint of `winogradConvolve` in the filter,
/// Gᵀ [Σ (Bᵀ d B) ⊙ (A dy Aᵀ)] G over all tiles.
///
/// The order of the sums depends on the shape alone.
func winogradFilterGradient(
  _ plan: WinogradPlan, _ filter: PhasedFilter, x: Source, cotangent: Source, into dw: Destination
) {
  let sums = WinogradFilterSums(plan: plan, filter: WinogradFilter(filter), x: x, cotangent: cotangent)
  withScratch(sums.length) { total in
    if sums.length <= WinogradFilterSums.cachedLength {
      sums.groupByGroup(into: total)
    } else {
      sums.elementByElement(into: total)
    }
    if filter.phaseCount == 1 {
      sums.filter.transformBack(total, into: dw)
    } else {
      withScratch(9 * sums.filter.channels * sums.filter.filters) { expanded in
        sums.filter.transformBack(total, into: expanded)
        filter.contract(expanded, into: dw)
      }
    }
  }
}

/// The sums over all tiles: 36 matrices of channels x filters.
private struct WinogradFilterSums {
  let plan: WinogradPlan
  let filter: WinogradFilter
  let x: Source
  let cotangent: Source

  /// Sums up to this length are made by each thread for itself, in its cache.
  static let cachedLength = 400 << 10

  var length: Int { 36 * filter.channels * filter.filters }

  private var columns: Int { Microkernel.columns }
  private var panels: Int { (filter.filters + columns - 1) / columns }
  // Consecutive matrices must not fall onto the same places of the caches.
  private func inputStride(_ capacity: Int) -> Int { capacity * filter.channels + columns }
  private func cotangentStride(_ capacity: Int) -> Int { capacity * panels * columns + columns }
  private func tilesLength(_ capacity: Int) -> Int { 36 * (inputStride(capacity) + cotangentStride(capacity)) }

  /// Groups of tiles are the tasks; the groups' sums are added in order.
  func groupByGroup(into total: Destination) {
    let budget = 320 << 10  // scalars
    let capacity = max(24, budget / (36 * (filter.channels + filter.filters)))
    let blocks = (plan.tileCount + capacity - 1) / capacity
    let blocksPerGroup = (blocks + 15) / 16
    let groups = (blocks + blocksPerGroup - 1) / blocksPerGroup
    withScratch(groups * length) { sums in
      parallelWorkers(tasks: groups) { next in
        withScratch(tilesLength(capacity)) { v in
          while let group = next() {
            for block in group * blocksPerGroup..<min(blocks, (group + 1) * blocksPerGroup) {
              let tiles = block * capacity..<min(plan.tileCount, (block + 1) * capacity)
              transform(tiles, first: 0, into: v, capacity)
              for element in 0..<36 {
                multiply(
                  element, 0..<panels, count: tiles.count, v, capacity, into: sums + group * length,
                  accumulates: block > group * blocksPerGroup)
              }
            }
          }
        }
      }
      addGroups(groups, length, sums, into: total)
    }
  }

  /// A large block of tiles after the other is transformed, and its products are the tasks.
  func elementByElement(into total: Destination) {
    let budget = 2 << 20  // scalars
    let capacity = max(8, min(plan.tileCount, budget / (36 * (filter.channels + filter.filters))))
    let part = 12  // tiles of one task
    withScratch(tilesLength(capacity)) { v in
      for first in stride(from: 0, to: plan.tileCount, by: capacity) {
        let count = min(capacity, plan.tileCount - first)
        parallel(tasks: (count + part - 1) / part) { task in
          let start = task * part
          transform(first + start..<first + min(count, start + part), first: start, into: v, capacity)
        }
        let half = (panels + 1) / 2
        parallel(tasks: 36 * 2) { task in
          multiply(
            task / 2, task % 2 == 0 ? 0..<half : half..<panels, count: count, v, capacity, into: total,
            accumulates: first > 0)
        }
      }
    }
  }

  /// - Parameter first: The first tile's row in the matrices.
  @inline(__always)
  private func transform(_ tiles: Range<Int>, first: Int, into v: Destination, _ capacity: Int) {
    plan.transformInput(tiles, x, into: v + first * filter.channels, matrixStride: inputStride(capacity))
    plan.transformCotangent(
      tiles, cotangent, into: v + 36 * inputStride(capacity), first: first, capacity: capacity,
      matrixStride: cotangentStride(capacity))
  }

  @inline(__always)
  private func multiply(
    _ element: Int, _ range: Range<Int>, count: Int, _ v: Source, _ capacity: Int, into sums: Destination,
    accumulates: Bool
  ) {
    let z = v + 36 * inputStride(capacity) + element * cotangentStride(capacity)
    for panel in range {
      // [channels x tiles] · [tiles x 16]
      multiplyPanels(
        m: filter.channels, n: min(columns, filter.filters - panel * columns), k: count,
        v + element * inputStride(capacity), rowStride: 1, step: filter.channels,
        panels: z + panel * capacity * columns,
        into: sums + element * filter.channels * filter.filters + panel * columns, cStride: filter.filters,
        accumulates: accumulates)
    }
  }
}

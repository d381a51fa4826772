/// The filter gradient of a convolution by minimal filtering, the adjoint of `winogradConvolve` in the filter:
/// Gᵀ [Σ (Bᵀ d B) ⊙ (A dy Aᵀ)] G, summed over all tiles.
///
/// The order of summation depends on the shape alone.
func winogradFilterGradient(
  _ plan: WinogradPlan, _ stored: SpaceToDepthFilter, x: Source, cotangent: Source,
  on backEnd: GEMM.BackEnd = GEMM.backEnd, into dw: Destination
) {
  WinogradFilterSums(plan: plan, filter: WinogradFilter(stored), x: x, cotangent: cotangent, backEnd: backEnd)
    .gradient(into: dw)
}

/// The sums over all tiles: 36 matrices of channels x filters.
private struct WinogradFilterSums {
  let plan: WinogradPlan
  let filter: WinogradFilter
  let x: Source
  let cotangent: Source
  let backEnd: GEMM.BackEnd

  private var columns: Int { Microkernel.columns }
  private var length: Int { 36 * filter.channels * filter.filters }

  // Padded, because consecutive matrices must not map to the same cache sets.
  private func inputStride(_ capacity: Int) -> Int { capacity * filter.channels + columns }
  private func cotangentStride(_ capacity: Int) -> Int { capacity * filter.panels * columns + columns }
  private func tilesLength(_ capacity: Int) -> Int { 36 * (inputStride(capacity) + cotangentStride(capacity)) }

  /// The number of tiles whose transforms take `budget` scalars.
  private func capacity(_ budget: Int) -> Int { budget / (36 * (filter.channels + filter.filters)) }

  func gradient(into dw: Destination) {
    fill(filter.stored.storedLength, 0, into: dw)
    if length <= 400 << 10 {
      withScratch(length) { total in
        groupByGroup(into: total)
        transformBack(total, into: dw)
      }
    } else if plan.tileCount <= capacity(4 << 20) && filter.stored.filters % columns == 0 {
      panelByPanel(into: dw)
    } else {
      withScratch(length) { total in
        elementByElement(into: total)
        transformBack(total, into: dw)
      }
    }
  }

  /// One task per group of tiles. Each group has its own sums, which fit a thread's cache; they are added in order.
  private func groupByGroup(into total: Destination) {
    let capacity = max(24, capacity(320 << 10))
    let blocks = (plan.tileCount + capacity - 1) / capacity
    let blocksPerGroup = (blocks + 15) / 16
    let groups = (blocks + blocksPerGroup - 1) / blocksPerGroup
    withScratch(groups * length) { sums in
      parallelWorkers(tasks: groups) { next in
        withScratch(tilesLength(capacity)) { v in
          while let group = next() {
            for block in group * blocksPerGroup..<min(blocks, (group + 1) * blocksPerGroup) {
              let tiles = block * capacity..<min(plan.tileCount, (block + 1) * capacity)
              plan.transformInput(tiles, x, into: v, matrixStride: inputStride(capacity))
              transformCotangent(tiles, first: 0, v, capacity)
              for element in 0..<36 {
                multiply(
                  element, 0..<filter.panels, count: tiles.count, v, capacity, intoAll: sums + group * length,
                  accumulates: block > group * blocksPerGroup)
              }
            }
          }
        }
      }
      addGroups(groups, length, sums, into: total)
    }
  }

  /// Transforms large blocks of tiles, one after the other, with two tasks per matrix of a block.
  private func elementByElement(into total: Destination) {
    let capacity = max(8, min(plan.tileCount, capacity(2 << 20)))
    withScratch(tilesLength(capacity)) { v in
      for first in stride(from: 0, to: plan.tileCount, by: capacity) {
        let count = min(capacity, plan.tileCount - first)
        transform(first..<first + count, into: v, capacity)
        let half = (filter.panels + 1) / 2
        parallel(tasks: 36 * 2) { task in
          multiply(
            task / 2, task % 2 == 0 ? 0..<half : half..<filter.panels, count: count, v, capacity, intoAll: total,
            accumulates: first > 0)
        }
      }
    }
  }

  /// Transforms all tiles at once, with one task per 16 filters in all their phases. Sums are transformed back at once,
  /// so that those of all filters never exist together, which pays where filters are many and tiles few.
  private func panelByPanel(into dw: Destination) {
    let count = plan.tileCount
    let stored = filter.stored
    withScratch(tilesLength(count)) { v in
      transform(0..<count, into: v, count)
      parallelWorkers(tasks: stored.filters / columns) { next in
        withScratch(36 * filter.panelStride) { sums in
          while let task = next() {
            for phase in 0..<stored.outputPhases {
              let panel = phase * (stored.filters / columns) + task
              for element in 0..<36 {
                multiply(
                  element, panel..<panel + 1, count: count, v, count, into: sums + element * filter.panelStride, columns
                )
              }
              stored.transformBack(
                sums, rowStride: columns, matrixStride: filter.panelStride, channels: 0..<filter.channels,
                filters: panel * columns..<(panel + 1) * columns, addingTo: dw)
            }
          }
        }
      }
    }
  }

  private func transformBack(_ total: Source, into dw: Destination) {
    let width = filter.filters
    parallelRanges(filter.channels, grain: max(1, elementGrain / (36 * width))) { channels in
      filter.stored.transformBack(
        total + channels.lowerBound * width, rowStride: width, matrixStride: filter.channels * width,
        channels: channels, filters: 0..<width, addingTo: dw)
    }
  }

  /// Transforms tiles of the input and of the cotangent, on all threads.
  private func transform(_ tiles: Range<Int>, into v: Destination, _ capacity: Int) {
    plan.transformInputInParallel(tiles, x, into: v, matrixStride: inputStride(capacity))
    let part = 12  // tiles of one task
    parallel(tasks: (tiles.count + part - 1) / part) { task in
      let start = task * part
      transformCotangent(
        tiles.lowerBound + start..<min(tiles.upperBound, tiles.lowerBound + start + part), first: start, v, capacity)
    }
  }

  /// - Parameter first: The row of the first tile in the matrices.
  @inline(__always)
  private func transformCotangent(_ tiles: Range<Int>, first: Int, _ v: Destination, _ capacity: Int) {
    plan.transformCotangent(
      tiles, cotangent, into: v + 36 * inputStride(capacity), first: first, capacity: capacity,
      matrixStride: cotangentStride(capacity))
  }

  /// Multiplies one element's matrix by some panels: [channels x tiles] · [tiles x 16 · panels].
  @inline(__always)
  private func multiply(
    _ element: Int, _ panels: Range<Int>, count: Int, _ v: Source, _ capacity: Int, into sums: Destination,
    _ sumStride: Int, accumulates: Bool = false
  ) {
    let z = v + 36 * inputStride(capacity) + element * cotangentStride(capacity)
    let first = panels.lowerBound * columns
    let right = RightMatrix(
      on: backEnd, k: count, n: min(panels.upperBound * columns, filter.filters) - first, panels: z + first * capacity,
      panelStride: capacity * columns)
    right.multiply(
      m: filter.channels, v + element * inputStride(capacity), rowStride: 1, step: filter.channels, into: sums,
      cStride: sumStride, accumulates: accumulates)
  }

  /// As above, into the columns of these panels in the sums of all.
  @inline(__always)
  private func multiply(
    _ element: Int, _ panels: Range<Int>, count: Int, _ v: Source, _ capacity: Int, intoAll sums: Destination,
    accumulates: Bool
  ) {
    multiply(
      element, panels, count: count, v, capacity,
      into: sums + element * filter.channels * filter.filters + panels.lowerBound * columns, filter.filters,
      accumulates: accumulates)
  }
}

extension SpaceToDepthFilter {
  /// Adds Gᵀ s G, the adjoint of the filter's transform, to the gradient of the stored filter.
  ///
  /// No two channels and no two stored filters add to the same element, so threads may divide either among them.
  ///
  /// - Parameters:
  ///   - sums: The first of 36 matrices with one row per channel of `channels` and one column per filter of `filters`.
  ///   - channels, filters: Indices over all phases; the number of filters is a multiple of eight.
  func transformBack(
    _ sums: Source, rowStride: Int, matrixStride: Int, channels range: Range<Int>, filters: Range<Int>,
    addingTo dw: Destination
  ) {
    switch filtering {
    case .threeTaps: transformBack(ThreeTapLoops.self, sums, rowStride, matrixStride, range, filters, dw)
    case .fourTaps: transformBack(FourTapLoops.self, sums, rowStride, matrixStride, range, filters, dw)
    }
  }

  private func transformBack<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ sums: Source, _ rowStride: Int, _ matrixStride: Int, _ range: Range<Int>, _ filters: Range<Int>,
    _ dw: Destination
  ) {
    let side = Loops.Taps.count
    let targets = TapTargets(self)
    withLaneGrid { grid in
      for (row, blockChannel) in range.enumerated() {
        let (inputPhase, channel) = blockChannel.quotientAndRemainder(dividingBy: channels)
        for blockFilter in stride(from: filters.lowerBound, to: filters.upperBound, by: Lanes.scalarCount) {
          // One of the two phases is 0.
          let (outputPhase, filter) = blockFilter.quotientAndRemainder(dividingBy: self.filters)
          let phase = inputPhase + outputPhase
          let source = sums + row * rowStride + blockFilter - filters.lowerBound
          for i in 0..<6 {
            let row = loadRow(i, from: source, matrixStride: matrixStride)
            grid.setColumn(i, Loops.Taps(adjointOf: row, over: .filter))
          }
          let target = dw + channel * self.filters + filter
          for j in 0..<side {
            Loops.Taps(adjointOf: grid.row(j), over: .filter).forEachCoefficient { i, tap in
              targets.add(tap, position: side * i + j, phase: phase, to: target)
            }
          }
        }
      }
    }
  }
}

/// The offsets in a stored filter of the taps of each position and phase.
private struct TapTargets {
  /// Five entries per position of each phase: the offsets of at most four taps, then -1.
  private let offsets: [Int]
  private let positions: Int

  init(_ filter: SpaceToDepthFilter) {
    positions = filter.positions
    offsets = (0..<filter.blockArea).flatMap { phase in
      (0..<filter.positions).flatMap { position in
        let taps = filter.taps(position: position, phase: phase)
        return taps.map { $0 * filter.channels * filter.filters } + [Int](repeating: -1, count: 5 - taps.count)
      }
    }
  }

  @inline(__always)
  func add(_ lanes: Lanes, position: Int, phase: Int, to target: Destination) {
    var index = (phase * positions + position) * 5
    while offsets[index] >= 0 {
      target.store(target.lanes(offsets[index]) + lanes, offsets[index])
      index += 1
    }
  }
}

/// A filter that has been transformed, G w Gᵀ: 36 matrices of channels x filters, each in panels of 16 columns.
struct WinogradFilter {
  let channels: Int
  let filters: Int
  /// If not 0, filters i and i + half of each phase stand side by side, eight of each to a panel: what a gate needs
  /// together is computed together.
  let half: Int

  /// - Parameter pairsHalves: Whether the first half of the stored filters is paired with the second.
  init(_ filter: PhasedFilter, pairsHalves: Bool = false) {
    channels = filter.phasedChannels
    filters = filter.phasedFilters
    half = pairsHalves ? filter.filters / 2 : 0
  }

  /// That of the input gradient.
  init(turned filter: PhasedFilter) {
    channels = filter.phasedFilters
    filters = filter.phasedChannels
    half = 0
  }

  var matrixLength: Int { panelsLength(k: channels, n: filters) }
  var length: Int { 36 * matrixLength }

  /// Where eight filters, the first of which is given, stand in the panels.
  @inline(__always)
  private func place(_ filter: Int) -> (panel: Int, column: Int) {
    if half == 0 { return (filter / Microkernel.columns, filter % Microkernel.columns) }
    let (phase, inPhase) = filter.quotientAndRemainder(dividingBy: 2 * half)
    let (side, pair) = inPhase.quotientAndRemainder(dividingBy: half)
    return ((phase * half + pair) / Lanes.scalarCount, side * Lanes.scalarCount)
  }

  /// - Parameter w: [9, channels, filters].
  func transform(_ w: Source, into u: Destination) {
    let tap = channels * filters
    let matrixStride = matrixLength
    parallelRanges(channels, grain: max(1, elementGrain / (36 * filters))) { range in
      withLaneGrid { grid in
        for channel in range {
          for filter in stride(from: 0, to: filters, by: Lanes.scalarCount) {
            let w = w + channel * filters + filter
            for j in 0..<3 {
              grid.setColumn(
                j, WinogradTransforms.filter((w.lanes(j * tap), w.lanes((3 + j) * tap), w.lanes((6 + j) * tap))))
            }
            let (panel, column) = place(filter)
            let target = u + (panel * channels + channel) * Microkernel.columns + column
            for i in 0..<6 {
              let row = grid.row(i)
              storeRow(i, WinogradTransforms.filter((row.0, row.1, row.2)), into: target, matrixStride: matrixStride)
            }
          }
        }
      }
    }
  }

  /// Gᵀ s G, the adjoint of `transform`, of 36 matrices that are not in panels.
  ///
  /// - Parameters:
  ///   - sums: [36, channels, filters].
  ///   - w: [9, channels, filters].
  func transformBack(_ sums: Source, into w: Destination) {
    let tap = channels * filters
    parallelRanges(channels, grain: max(1, elementGrain / (36 * filters))) { range in
      withLaneGrid { grid in
        for channel in range {
          for filter in stride(from: 0, to: filters, by: Lanes.scalarCount) {
            let place = channel * filters + filter
            for i in 0..<6 {
              let (a, b, c) = WinogradTransforms.filterAdjoint(loadRow(i, from: sums + place, matrixStride: tap))
              grid.setColumn(i, (a, b, c, c))
            }
            let w = w + place
            for j in 0..<3 {
              let (a, b, c) = WinogradTransforms.filterAdjoint(grid.row(j))
              w.store(a, j * tap)
              w.store(b, (3 + j) * tap)
              w.store(c, (6 + j) * tap)
            }
          }
        }
      }
    }
  }
}

extension PhasedFilter {
  /// Gives `body` the stored filter, transformed.
  ///
  /// - Parameter kept: Where it is looked for first, and left for the next time.
  func withTransformed(
    _ w: Source, pairsHalves: Bool = false, kept: TransformedFilters? = nil, _ body: (WinogradFilter, Source) -> Void
  ) {
    let filter = WinogradFilter(self, pairsHalves: pairsHalves)
    if let kept {
      let transformed = kept.filter(self, pairsHalves: pairsHalves, length: filter.length) {
        transform(w, to: filter, into: $0)
      }
      withExtendedLifetime(transformed) { body(filter, transformed.memory) }
    } else {
      withScratch(filter.length) { u in
        transform(w, to: filter, into: u)
        body(filter, u)
      }
    }
  }

  private func transform(_ w: Source, to filter: WinogradFilter, into u: Destination) {
    if phaseCount == 1 { return filter.transform(w, into: u) }
    withScratch(9 * filter.channels * filter.filters) { expanded in
      expand(w, into: expanded)
      filter.transform(expanded, into: u)
    }
  }

  /// Gives `body` the filter of the input gradient, transformed.
  func withTransformedTurned(_ w: Source, _ body: (WinogradFilter, Source) -> Void) {
    let filter = WinogradFilter(turned: self)
    withScratch(filter.length) { u in
      withScratch(9 * filter.channels * filter.filters) { turned in
        expandTurned(w, into: turned)
        filter.transform(turned, into: u)
      }
      body(filter, u)
    }
  }
}

/// A filter as Winograd's products want it: transformed, G w Gᵀ, to 36 matrices of channels x filters, each in panels of 16
/// columns.
struct WinogradFilter: Hashable {
  let stored: SpaceToDepthFilter
  /// True of the filter of the input gradient.
  private let isFlipped: Bool
  /// True if the first half of the stored filters is paired with the second: filters i and i + half of each phase stand
  /// side by side, eight of each to a panel. What a gate needs together is computed together.
  private let pairsHalves: Bool

  init(_ stored: SpaceToDepthFilter, pairsHalves: Bool = false) {
    self.stored = stored
    self.pairsHalves = pairsHalves
    isFlipped = false
  }

  /// That of the input gradient.
  init(flipped stored: SpaceToDepthFilter) {
    self.stored = stored
    pairsHalves = false
    isFlipped = true
  }

  var channels: Int { isFlipped ? stored.blockFilters : stored.blockChannels }
  var filters: Int { isFlipped ? stored.blockChannels : stored.blockFilters }
  var panels: Int { (filters + Microkernel.columns - 1) / Microkernel.columns }

  /// The numbers in a panel of one matrix.
  var panelLength: Int { channels * Microkernel.columns }
  /// The distances between the matrices of the whole filter, and of one panel. Consecutive ones must not fall onto the
  /// same sets of the caches.
  var matrixStride: Int { panels * panelLength + Microkernel.columns }
  var panelStride: Int { panelLength + Microkernel.columns }
  var length: Int { 36 * matrixStride }

  /// All panels, on all threads.
  func transform(_ w: Source, into u: Destination) {
    parallel(tasks: panels) { panel in
      transformPanel(panel, w, into: u + panel * panelLength, matrixStride: matrixStride)
    }
  }

  /// One panel, on the calling thread: 36 matrices of channels x 16.
  func transformPanel(_ panel: Int, _ w: Source, into u: Destination, matrixStride: Int) {
    let width = Lanes.scalarCount
    withScratch(9 * channels * width) { block in
      for side in 0..<2 {
        let first = firstColumn(panel, side: side)
        guard first < filters else { continue }
        if isFlipped {
          stored.spreadFlipped(w, first: first, into: block)
        } else {
          stored.spread(w, first: first, into: block)
        }
        transformEight(block, into: u + side * width, matrixStride: matrixStride)
      }
    }
  }

  /// The filter whose column is the first of a panel's eight left or eight right ones.
  private func firstColumn(_ panel: Int, side: Int) -> Int {
    let width = Lanes.scalarCount
    guard pairsHalves else { return panel * Microkernel.columns + side * width }
    let half = stored.filters / 2
    let (phase, pair) = (panel * width).quotientAndRemainder(dividingBy: half)
    return (2 * phase + side) * half + pair
  }

  /// - Parameter block: [9, channels, 8].
  private func transformEight(_ block: Source, into u: Destination, matrixStride: Int) {
    let position = channels * Lanes.scalarCount
    withLaneGrid { grid in
      for channel in 0..<channels {
        let w = block + channel * Lanes.scalarCount
        for j in 0..<3 {
          grid.setColumn(
            j,
            WinogradTransforms.filter((w.lanes(j * position), w.lanes((3 + j) * position), w.lanes((6 + j) * position)))
          )
        }
        let target = u + channel * Microkernel.columns
        for i in 0..<6 {
          let row = grid.row(i)
          storeRow(i, WinogradTransforms.filter((row.0, row.1, row.2)), into: target, matrixStride: matrixStride)
        }
      }
    }
  }
}

import Synchronization

/// A filter transformed for Winograd, G w Gᵀ: 36 matrices of channels x filters, each packed in panels of 16 columns.
struct WinogradFilter: Hashable {
  let stored: SpaceToDepthFilter
  /// True for the filter of the input gradient.
  private let isFlipped: Bool
  /// True if the first half of the stored filters is paired with the second: filters i and i + half of each phase are
  /// side by side, eight of each per panel, so that a feature and its gate are computed together.
  private let pairsHalves: Bool

  init(_ stored: SpaceToDepthFilter, pairsHalves: Bool = false) {
    self.stored = stored
    self.pairsHalves = pairsHalves
    isFlipped = false
  }

  /// The filter of the input gradient.
  init(flipped stored: SpaceToDepthFilter) {
    self.stored = stored
    pairsHalves = false
    isFlipped = true
  }

  var channels: Int { isFlipped ? stored.blockFilters : stored.blockChannels }
  var filters: Int { isFlipped ? stored.blockChannels : stored.blockFilters }
  var panels: Int { (filters + Microkernel.columns - 1) / Microkernel.columns }

  /// The number of elements of one matrix's panel.
  var panelLength: Int { channels * Microkernel.columns }
  /// The distance between the matrices of the whole filter (`matrixStride`) or of one panel (`panelStride`). Padded,
  /// because consecutive matrices must not map to the same cache sets.
  var matrixStride: Int { panels * panelLength + Microkernel.columns }
  var panelStride: Int { panelLength + Microkernel.columns }
  var length: Int { 36 * matrixStride }

  /// Transforms all panels, on all threads.
  func transform(_ w: Source, into u: Destination) {
    parallel(tasks: panels) { panel in
      transformPanel(panel, w, into: u + panel * panelLength, matrixStride: matrixStride)
    }
  }

  /// Transforms one panel, on the calling thread: 36 matrices of channels x 16.
  func transformPanel(_ panel: Int, _ w: Source, into u: Destination, matrixStride: Int) {
    let width = Lanes.scalarCount
    withScratch(stored.positions * channels * width) { block in
      for side in 0..<2 {
        let first = firstColumn(panel, side: side)
        guard first < filters else { continue }
        if isFlipped {
          stored.spreadFlipped(w, first: first, into: block)
        } else {
          stored.spread(w, first: first, into: block)
        }
        switch stored.filtering {
        case .threeTaps: transformEight(ThreeTapLoops.self, block, into: u + side * width, matrixStride: matrixStride)
        case .fourTaps: transformEight(FourTapLoops.self, block, into: u + side * width, matrixStride: matrixStride)
        }
      }
    }
  }

  /// The index of the filter in the first column of a panel's left (`side` 0) or right (1) half.
  private func firstColumn(_ panel: Int, side: Int) -> Int {
    let width = Lanes.scalarCount
    guard pairsHalves else { return panel * Microkernel.columns + side * width }
    let half = stored.filters / 2
    let (phase, pair) = (panel * width).quotientAndRemainder(dividingBy: half)
    return (2 * phase + side) * half + pair
  }

  /// - Parameter block: [positions, channels, 8].
  private func transformEight<Loops: MinimalFilteringLoops>(
    _: Loops.Type, _ block: Source, into u: Destination, matrixStride: Int
  ) {
    let side = Loops.Taps.count
    let position = channels * Lanes.scalarCount
    withLaneGrid { grid in
      for channel in 0..<channels {
        let w = block + channel * Lanes.scalarCount
        for j in 0..<side {
          grid.setColumn(j, Loops.Taps { i in w.lanes((side * i + j) * position) }.values(over: .filter))
        }
        let target = u + channel * Microkernel.columns
        for i in 0..<6 {
          let values = Loops.Taps { j in grid[i, j] }.values(over: .filter)
          storeRow(i, values, into: target, matrixStride: matrixStride)
        }
      }
    }
  }
}

/// A cache of filters transformed for Winograd: at inference, a network transforms its filters once.
///
/// It belongs to the weights and must be dropped when they change.
package final class TransformedFilters: Sendable {
  private let kept = Mutex<[WinogradFilter: TransformedFilter]>([:])

  package init() {}

  /// The cached transformed filter, made by `make` at the first call.
  func filter(_ filter: WinogradFilter, make: (Destination) -> Void) -> TransformedFilter {
    if let known = kept.withLock({ $0[filter] }) { return known }
    let made = TransformedFilter(length: filter.length)
    make(made.memory)
    kept.withLock { $0[filter] = made }
    return made
  }
}

/// One transformed filter, in memory aligned to 64 bytes.
final class TransformedFilter: @unchecked Sendable {
  let memory: Destination

  init(length: Int) {
    let bytes = max(1, length) * MemoryLayout<Scalar>.stride
    memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).assumingMemoryBound(to: Scalar.self)
  }

  deinit { memory.deallocate() }
}

/// The taps of a filter along one axis, distributed over three or four positions and the phases of each.
struct BlockTaps: Hashable {
  /// The taps that are summed at position q of phase p: taps[q · blockSize + p].
  let taps: [[Int]]
  let blockSize: Int

  var filtering: MinimalFiltering { taps.count == MinimalFiltering.fourTaps.taps * blockSize ? .fourTaps : .threeTaps }

  /// One tap at each position.
  static func plain(_ filtering: MinimalFiltering) -> BlockTaps {
    BlockTaps(taps: (0..<filtering.taps).map { [$0] }, blockSize: 1)
  }

  /// The taps of a kernel with stride 2: tap t of output o reads the input at 2 o + t - padding.
  ///
  /// - Returns: nil if three positions of two phases cannot hold them.
  static func strided(kernel: Int, padding: Int) -> BlockTaps? {
    let shift = padding % 2
    guard kernel + shift <= 6 else { return nil }
    let taps = (0..<6).map { position in (0..<kernel).contains(position - shift) ? [position - shift] : [] }
    return BlockTaps(taps: taps, blockSize: 2)
  }

  /// Three taps over an input upsampled by 2 (nearest neighbor): an even output reads the pixel before it once and its
  /// own twice, an odd output its own twice and the next once.
  static let enlarged = BlockTaps(taps: [[0], [], [1, 2], [0, 1], [], [2]], blockSize: 2)
}

/// The filter of a 3x3 or 4x4 convolution with stride 1 between space-to-depth feature maps, made from a stored filter
/// eight columns at a time, because the whole would be many times as large as the stored one.
struct SpaceToDepthFilter: Hashable {
  let rows: BlockTaps
  let columns: BlockTaps
  /// As stored: [kernelHeight, kernelWidth, channels, filters].
  let kernelHeight: Int
  let kernelWidth: Int
  let channels: Int
  let filters: Int
  /// True if the phases belong to the output, false if they belong to the input.
  let blocksAreOutputs: Bool

  /// The number of elements of the stored filter.
  var storedLength: Int { kernelHeight * kernelWidth * channels * filters }
  /// The same along both axes.
  var filtering: MinimalFiltering { rows.filtering }
  /// The number of positions: 9 or 16.
  var positions: Int { filtering.taps * filtering.taps }
  var blockArea: Int { rows.blockSize * columns.blockSize }
  /// The number of phases of the output.
  var outputPhases: Int { blocksAreOutputs ? blockArea : 1 }
  /// The channels and filters of the space-to-depth convolution.
  var blockChannels: Int { blocksAreOutputs ? channels : channels * blockArea }
  var blockFilters: Int { filters * outputPhases }

  /// Writes eight filters to their positions: [positions, blockChannels, 8].
  ///
  /// - Parameter first: The index of the first of the eight filters, counted over all phases.
  func spread(_ w: Source, first: Int, into block: Destination) {
    let width = Lanes.scalarCount
    forEachPart(first, columns: filters, haveColumnsPhases: blocksAreOutputs) { position, phase, taps, filter in
      let part = block + (position * blockChannels + phase * channels) * width
      for channel in 0..<channels {
        var sum = Lanes.zero
        for tap in taps { sum += w.lanes((tap * channels + channel) * filters + filter) }
        part.store(sum, channel * width)
      }
    }
  }

  /// Writes eight channels of the input gradient's filter, whose positions are reversed and whose filters and channels
  /// are exchanged: [positions, blockFilters, 8].
  ///
  /// - Parameter first: The index of the first of the eight channels, counted over all phases.
  func spreadFlipped(_ w: Source, first: Int, into block: Destination) {
    let width = Lanes.scalarCount
    forEachPart(first, columns: channels, haveColumnsPhases: !blocksAreOutputs) { position, phase, taps, channel in
      let part = block + ((positions - 1 - position) * blockFilters + phase * filters) * width
      if taps.count != 1 { part.update(repeating: 0, count: filters * width) }
      for tap in taps {
        for column in 0..<width {
          let source = w + (tap * channels + channel + column) * filters
          if taps.count == 1 {
            for filter in 0..<filters { part[filter * width + column] = source[filter] }
          } else {
            for filter in 0..<filters { part[filter * width + column] += source[filter] }
          }
        }
      }
    }
  }

  /// Calls `body` for each position and each phase of eight columns, with the stored taps to sum and the
  /// first stored column. The phase is 0 if the columns belong to one phase.
  @inline(__always)
  private func forEachPart(
    _ first: Int, columns count: Int, haveColumnsPhases: Bool,
    _ body: (_ position: Int, _ phase: Int, _ taps: [Int], _ column: Int) -> Void
  ) {
    let (ownPhase, column) = first.quotientAndRemainder(dividingBy: count)
    for position in 0..<positions {
      for phase in 0..<(haveColumnsPhases ? 1 : blockArea) {
        body(position, phase, taps(position: position, phase: haveColumnsPhases ? ownPhase : phase), column)
      }
    }
  }

  /// The stored taps that are summed at a position of a phase.
  func taps(position: Int, phase: Int) -> [Int] {
    let (q, r) = position.quotientAndRemainder(dividingBy: filtering.taps)
    let (a, b) = phase.quotientAndRemainder(dividingBy: columns.blockSize)
    return rows.taps[q * rows.blockSize + a].flatMap { row in
      columns.taps[r * columns.blockSize + b].map { row * kernelWidth + $0 }
    }
  }
}

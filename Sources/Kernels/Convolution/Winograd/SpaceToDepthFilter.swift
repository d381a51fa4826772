/// The taps of a filter, in one direction, spread over three positions and the phases of each.
struct BlockTaps: Hashable {
  /// The taps that are summed at position q of phase p: taps[q · phases + p].
  let taps: [[Int]]
  let blockSize: Int

  /// Three taps at three positions.
  static let plain = BlockTaps(taps: [[0], [1], [2]], blockSize: 1)

  /// Up to six taps that advance by two: tap t of an output at o meets the input at 2 o + t - padding.
  ///
  /// - Returns: nil if three positions do not hold them.
  static func strided(kernel: Int, padding: Int) -> BlockTaps? {
    let shift = padding % 2
    guard kernel + shift <= 6 else { return nil }
    let taps = (0..<6).map { position in (0..<kernel).contains(position - shift) ? [position - shift] : [] }
    return BlockTaps(taps: taps, blockSize: 2)
  }

  /// Three taps over a picture whose pixels are all repeated: an even output meets its own pixel twice and the one
  /// before, an odd one its own twice and the one behind.
  static let enlarged = BlockTaps(taps: [[0], [], [1, 2], [0, 1], [], [2]], blockSize: 2)
}

/// The filter of a 3x3 convolution with stride 1 between space-to-depth pictures, made from a stored filter eight columns at a
/// time: as a whole it is many times as large as what is stored.
struct SpaceToDepthFilter: Hashable {
  let rows: BlockTaps
  let columns: BlockTaps
  /// As stored: [kernelHeight, kernelWidth, channels, filters].
  let kernelHeight: Int
  let kernelWidth: Int
  let channels: Int
  let filters: Int
  /// True if the phases are the output's, false if they are the input's.
  let blocksAreOutputs: Bool

  /// The numbers that are stored.
  var storedLength: Int { kernelHeight * kernelWidth * channels * filters }
  var blockArea: Int { rows.blockSize * columns.blockSize }
  /// The phases of the output.
  var outputPhases: Int { blocksAreOutputs ? blockArea : 1 }
  /// The channels and filters of the space-to-depth pictures.
  var blockChannels: Int { blocksAreOutputs ? channels : channels * blockArea }
  var blockFilters: Int { filters * outputPhases }

  /// Eight filters at their positions: [9, blockChannels, 8].
  ///
  /// - Parameter first: The first of the eight, of all phases.
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

  /// Eight channels of the input gradient's filter, which has positions last first, and filters and channels changed about:
  /// [9, blockFilters, 8].
  ///
  /// - Parameter first: The first of the eight, of all phases.
  func spreadFlipped(_ w: Source, first: Int, into block: Destination) {
    let width = Lanes.scalarCount
    forEachPart(first, columns: channels, haveColumnsPhases: !blocksAreOutputs) { position, phase, taps, channel in
      let part = block + ((8 - position) * blockFilters + phase * filters) * width
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

  /// Calls `body` for each of the 9 positions and each phase that eight columns have there, with the stored taps that are
  /// summed and the first stored column. The phase is 0 if the columns belong to one phase alone.
  @inline(__always)
  private func forEachPart(
    _ first: Int, columns count: Int, haveColumnsPhases: Bool,
    _ body: (_ position: Int, _ phase: Int, _ taps: [Int], _ column: Int) -> Void
  ) {
    let (ownPhase, column) = first.quotientAndRemainder(dividingBy: count)
    for position in 0..<9 {
      for phase in 0..<(haveColumnsPhases ? 1 : blockArea) {
        body(position, phase, taps(position: position, phase: haveColumnsPhases ? ownPhase : phase), column)
      }
    }
  }

  /// The stored taps that are summed at a position (of 9) of a phase.
  func taps(position: Int, phase: Int) -> [Int] {
    let (q, r) = position.quotientAndRemainder(dividingBy: 3)
    let (a, b) = phase.quotientAndRemainder(dividingBy: columns.blockSize)
    return rows.taps[q * rows.blockSize + a].flatMap { row in
      columns.taps[r * columns.blockSize + b].map { row * kernelWidth + $0 }
    }
  }
}

/// How the taps of a filter, in one direction, are spread over three places and the phases of each.
struct PhaseTaps: Hashable {
  /// The taps that are summed at place q of phase p: taps[q · phases + p].
  let taps: [[Int]]
  let phases: Int

  /// Three taps at three places.
  static let plain = PhaseTaps(taps: [[0], [1], [2]], phases: 1)

  /// Up to six taps that advance by two: tap t of an output at o meets the input at 2 o + t - padding.
  ///
  /// - Returns: nil if three places do not hold them.
  static func strided(kernel: Int, padding: Int) -> PhaseTaps? {
    let shift = padding % 2
    guard kernel + shift <= 6 else { return nil }
    let taps = (0..<6).map { place in (0..<kernel).contains(place - shift) ? [place - shift] : [] }
    return PhaseTaps(taps: taps, phases: 2)
  }

  /// Three taps over a picture whose pixels are all repeated: an even output meets its own pixel twice and the one
  /// before, an odd one its own twice and the one behind.
  static let enlarged = PhaseTaps(taps: [[0], [], [1, 2], [0, 1], [], [2]], phases: 2)
}

/// The filter of a 3x3 convolution with stride 1 between phased pictures, made from a stored filter eight columns at a
/// time: as a whole it is many times as large as what is stored.
struct PhasedFilter: Hashable {
  let rows: PhaseTaps
  let columns: PhaseTaps
  /// As stored: [kernelHeight, kernelWidth, channels, filters].
  let kernelHeight: Int
  let kernelWidth: Int
  let channels: Int
  let filters: Int
  /// Whether the phases are the input's or the output's.
  let phasesAreOutputs: Bool

  /// The numbers that are stored.
  var storedLength: Int { kernelHeight * kernelWidth * channels * filters }
  var phaseCount: Int { rows.phases * columns.phases }
  /// The phases of the output.
  var outputPhases: Int { phasesAreOutputs ? phaseCount : 1 }
  /// The channels and filters of the phased pictures.
  var phasedChannels: Int { phasesAreOutputs ? channels : channels * phaseCount }
  var phasedFilters: Int { filters * outputPhases }

  /// Eight filters at their places: [9, phasedChannels, 8].
  ///
  /// - Parameter first: The first of the eight, of all phases.
  func spread(_ w: Source, first: Int, into block: Destination) {
    let width = Lanes.scalarCount
    forEachPart(first, columns: filters, haveColumnsPhases: phasesAreOutputs) { place, phase, taps, filter in
      let part = block + (place * phasedChannels + phase * channels) * width
      for channel in 0..<channels {
        var sum = Lanes.zero
        for tap in taps { sum += w.lanes((tap * channels + channel) * filters + filter) }
        part.store(sum, channel * width)
      }
    }
  }

  /// Eight channels of the input gradient's filter, which has places last first, and filters and channels changed about:
  /// [9, phasedFilters, 8].
  ///
  /// - Parameter first: The first of the eight, of all phases.
  func spreadTurned(_ w: Source, first: Int, into block: Destination) {
    let width = Lanes.scalarCount
    forEachPart(first, columns: channels, haveColumnsPhases: !phasesAreOutputs) { place, phase, taps, channel in
      let part = block + ((8 - place) * phasedFilters + phase * filters) * width
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

  /// Calls `body` for each of the 9 places and each phase that eight columns have there, with the stored taps that are
  /// summed and the first stored column. The phase is 0 if the columns belong to one phase alone.
  @inline(__always)
  private func forEachPart(
    _ first: Int, columns count: Int, haveColumnsPhases: Bool,
    _ body: (_ place: Int, _ phase: Int, _ taps: [Int], _ column: Int) -> Void
  ) {
    let (ownPhase, column) = first.quotientAndRemainder(dividingBy: count)
    for place in 0..<9 {
      for phase in 0..<(haveColumnsPhases ? 1 : phaseCount) {
        body(place, phase, taps(place: place, phase: haveColumnsPhases ? ownPhase : phase), column)
      }
    }
  }

  /// The stored taps that are summed at a place (of 9) of a phase.
  func taps(place: Int, phase: Int) -> [Int] {
    let (q, r) = place.quotientAndRemainder(dividingBy: 3)
    let (a, b) = phase.quotientAndRemainder(dividingBy: columns.phases)
    return rows.taps[q * rows.phases + a].flatMap { row in
      columns.taps[r * columns.phases + b].map { row * kernelWidth + $0 }
    }
  }
}

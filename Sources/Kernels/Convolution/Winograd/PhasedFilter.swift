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

/// The filter of a 3x3 convolution with stride 1 between phased pictures, made from a stored filter.
struct PhasedFilter: Hashable {
  let rows: PhaseTaps
  let columns: PhaseTaps
  /// As stored: [kernelHeight, kernelWidth, channels, filters].
  let kernelWidth: Int
  let channels: Int
  let filters: Int
  /// Whether the phases are the input's or the output's.
  let phasesAreOutputs: Bool

  var phaseCount: Int { rows.phases * columns.phases }
  /// The channels and filters of the phased pictures.
  var phasedChannels: Int { phasesAreOutputs ? channels : channels * phaseCount }
  var phasedFilters: Int { phasesAreOutputs ? filters * phaseCount : filters }

  /// Calls `body` once for each of the 9 places and each phase, with the stored taps that belong there and where their
  /// channels x filters begin in a [9, phasedChannels, phasedFilters] array.
  @inline(__always)
  private func forEachBlock(_ place: Int, _ body: (_ taps: [Int], _ start: Int) -> Void) {
    let (q, r) = place.quotientAndRemainder(dividingBy: 3)
    for phase in 0..<phaseCount {
      let (a, b) = phase.quotientAndRemainder(dividingBy: columns.phases)
      let taps = rows.taps[q * rows.phases + a].flatMap { row in
        columns.taps[r * columns.phases + b].map { row * kernelWidth + $0 }
      }
      let first = phasesAreOutputs ? phase * filters : phase * channels * phasedFilters
      body(taps, place * phasedChannels * phasedFilters + first)
    }
  }

  /// The filter at its places: [9, phasedChannels, phasedFilters].
  func expand(_ w: Source, into expanded: Destination) {
    parallel(tasks: 9) { place in
      forEachBlock(place) { taps, start in
        for channel in 0..<channels {
          let target = expanded + start + channel * phasedFilters
          target.update(repeating: 0, count: filters)
          for tap in taps {
            let source = w + (tap * channels + channel) * filters
            for filter in 0..<filters { target[filter] += source[filter] }
          }
        }
      }
    }
  }

  /// The adjoint of `expand`: what was spread is summed.
  func contract(_ expanded: Source, into w: Destination) {
    var sources: [Int: [Int]] = [:]
    for place in 0..<9 {
      forEachBlock(place) { taps, start in
        for tap in taps { sources[tap, default: []].append(start) }
      }
    }
    parallel(tasks: sources.count) { tap in
      for channel in 0..<channels {
        let target = w + (tap * channels + channel) * filters
        target.update(repeating: 0, count: filters)
        for start in sources[tap] ?? [] {
          let source = expanded + start + channel * phasedFilters
          for filter in 0..<filters { target[filter] += source[filter] }
        }
      }
    }
  }

  /// The expanded filter of the input gradient: places last first, filters and channels changed about.
  func expandTurned(_ w: Source, into turned: Destination) {
    let (rows, columns) = (phasedChannels, phasedFilters)
    withScratch(9 * rows * columns) { expanded in
      expand(w, into: expanded)
      parallel(tasks: 9) { place in
        transpose(
          rows: rows, columns: columns, expanded + (8 - place) * rows * columns, into: turned + place * rows * columns)
      }
    }
  }
}

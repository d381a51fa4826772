extension SpaceToDepthFilter {
  /// Gᵀ s G, the adjoint of a filter's transform, added to the stored filter's gradient where its taps are.
  ///
  /// No two channels, nor any two stored filters, add to the same position: threads may divide either among them.
  ///
  /// - Parameters:
  ///   - sums: The first of 36 matrices with one row a channel and one column a filter, of those given alone.
  ///   - channels, filters: Of all phases; the number of filters is a multiple of eight.
  func transformBack(
    _ sums: Source, rowStride: Int, matrixStride: Int, channels range: Range<Int>, filters: Range<Int>,
    addingTo dw: Destination
  ) {
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
            let (a, b, c) = WinogradTransforms.filterAdjoint(loadRow(i, from: source, matrixStride: matrixStride))
            grid.setColumn(i, (a, b, c, c))
          }
          let target = dw + channel * self.filters + filter
          for j in 0..<3 {
            let (a, b, c) = WinogradTransforms.filterAdjoint(grid.row(j))
            targets.add(a, position: j, phase: phase, to: target)
            targets.add(b, position: 3 + j, phase: phase, to: target)
            targets.add(c, position: 6 + j, phase: phase, to: target)
          }
        }
      }
    }
  }
}

/// The offsets of the taps of each position and phase in a stored filter.
private struct TapTargets {
  /// At most four for each position of each phase, and -1 behind the last.
  private let offsets: [Int]

  init(_ filter: SpaceToDepthFilter) {
    offsets = (0..<filter.blockArea).flatMap { phase in
      (0..<9).flatMap { position in
        let taps = filter.taps(position: position, phase: phase)
        return taps.map { $0 * filter.channels * filter.filters } + [Int](repeating: -1, count: 5 - taps.count)
      }
    }
  }

  @inline(__always)
  func add(_ lanes: Lanes, position: Int, phase: Int, to target: Destination) {
    var index = (phase * 9 + position) * 5
    while offsets[index] >= 0 {
      target.store(target.lanes(offsets[index]) + lanes, offsets[index])
      index += 1
    }
  }
}

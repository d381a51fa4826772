import TestSupport
import Testing

@testable import Kernels

@Suite struct TransformedFiltersTests {
  @Test func `a filter is made once, and once more for each of its arrangements`() throws {
    let geometry = ConvolutionGeometry(
      kernel: 3, batch: 1, size: 16, channels: 16, filters: 32, padding: Padding(1))
    let (_, filter) = try #require(geometry.winograd)
    let kept = TransformedFilters()
    var calls = 0
    for pairsHalves in [false, true, false, true] {
      let made = kept.filter(WinogradFilter(filter, pairsHalves: pairsHalves)) {
        calls += 1
        $0.update(repeating: pairsHalves ? 2 : 1, count: 4)
      }
      #expect(made.memory[3] == (pairsHalves ? 2 : 1))
    }
    #expect(calls == 2)
  }
}

@Suite struct SpaceToDepthFilterTests {
  @Test func `the flipped filter has places last first, filters and channels changed about`() throws {
    for geometry in ConvolutionGeometry.forWinograd {
      let filter = try #require(geometry.winograd).filter
      let (w, channels, filters) = (geometry.w, filter.blockChannels, filter.blockFilters)
      let blocks = stride(from: 0, to: filters, by: 8).map { first in
        output(filter.positions * channels * 8) { filter.spread(w, first: first, into: $0) }
      }
      for first in stride(from: 0, to: channels, by: 8) {
        let flipped = output(filter.positions * filters * 8) { filter.spreadFlipped(w, first: first, into: $0) }
        var expected: [Scalar] = []
        for place in 0..<filter.positions {
          for column in 0..<filters {
            for channel in first..<first + 8 {
              let opposite = filter.positions - 1 - place
              expected.append(blocks[column / 8][(opposite * channels + channel) * 8 + column % 8])
            }
          }
        }
        #expect(flipped == expected)
      }
    }
  }

  @Test func `three taps over doubled pixels meet each pixel's own twice`() {
    let filter = SpaceToDepthFilter(
      rows: .enlarged, columns: .plain(.threeTaps), kernelHeight: 3, kernelWidth: 3, channels: 1, filters: 8,
      blocksAreOutputs: true)
    // One column of taps: 1, 10, 100 from above.
    let taps: [Scalar] = [0, 1, 0, 0, 10, 0, 0, 100, 0]
    let w = taps.flatMap { [Scalar](repeating: $0, count: 8) }
    // Even rows: above, and twice their own; odd rows: twice their own, and below.
    for (first, expected) in [(0, [1, 110, 0]), (8, [0, 11, 100])] as [(Int, [Scalar])] {
      let block = output(72) { filter.spread(w, first: first, into: $0) }
      #expect([block[8], block[32], block[56]] == expected)
    }
  }

  @Test func `a stride's taps alternate between the phases, from where the padding puts them`() {
    #expect(BlockTaps.strided(kernel: 5, padding: 2)?.taps == [[0], [1], [2], [3], [4], []])
    #expect(BlockTaps.strided(kernel: 5, padding: 1)?.taps == [[], [0], [1], [2], [3], [4]])
    #expect(BlockTaps.strided(kernel: 6, padding: 1) == nil)
  }
}

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

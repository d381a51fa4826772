import TestSupport
import Testing

@testable import Kernels

@Suite struct PhasedFilterTests {
  @Test func `contracting is the adjoint of expanding`() throws {
    for geometry in ConvolutionGeometry.forWinograd {
      let filter = try #require(geometry.winograd).filter
      let w = geometry.w
      let count = 9 * filter.phasedChannels * filter.phasedFilters
      let cotangent = wave(count, frequency: 0.37)
      let expanded = output(count) { filter.expand(w, into: $0) }
      let contracted = output(w.count) { filter.contract(cotangent, into: $0) }
      let left = product(expanded, cotangent)
      let right = product(w, contracted)
      #expect(abs(left - right) < tolerance(1e-3, 1e-11))
    }
  }

  private func product(_ left: [Scalar], _ right: [Scalar]) -> Double {
    var sum = 0.0
    for (l, r) in zip(left, right) { sum += Double(l) * Double(r) }
    return sum
  }

  @Test func `three taps over doubled pixels meet each pixel's own twice`() {
    let filter = PhasedFilter(
      rows: .enlarged, columns: .plain, kernelWidth: 3, channels: 1, filters: 1, phasesAreOutputs: true)
    // One column of taps: 1, 10, 100 from above.
    let w: [Scalar] = [0, 1, 0, 0, 10, 0, 0, 100, 0]
    let expanded = output(18) { filter.expand(w, into: $0) }
    // Even rows: above, and twice their own; odd rows: twice their own, and below.
    #expect(Array(expanded[2..<4]) == [1, 0])
    #expect(Array(expanded[8..<10]) == [110, 11])
    #expect(Array(expanded[14..<16]) == [0, 100])
  }

  @Test func `a stride's taps alternate between the phases, from where the padding puts them`() {
    #expect(PhaseTaps.strided(kernel: 5, padding: 2)?.taps == [[0], [1], [2], [3], [4], []])
    #expect(PhaseTaps.strided(kernel: 5, padding: 1)?.taps == [[], [0], [1], [2], [3], [4]])
    #expect(PhaseTaps.strided(kernel: 6, padding: 1) == nil)
  }
}

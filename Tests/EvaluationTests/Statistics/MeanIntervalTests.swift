import Testing

@testable import Evaluation

@Suite struct MeanIntervalTests {
  @Test func `the interval is that of a textbook`() throws {
    // Mean 3, standard deviation 1.5811, 4 degrees of freedom: 2.7764 · 1.5811 / √5.
    let interval = try #require(MeanInterval(of: [1, 2, 3, 4, 5]))
    #expect(interval.mean == 3)
    #expect(interval.count == 5)
    #expect(abs((interval.halfWidth ?? 0) - 1.963243) < 1e-6)
  }

  @Test func `one number has no interval, and none have no mean`() {
    #expect(MeanInterval(of: [2])?.mean == 2)
    #expect(MeanInterval(of: [2])?.halfWidth == nil)
    #expect(MeanInterval(of: []) == nil)
  }

  @Test func `numbers that agree have an interval of nothing`() {
    #expect(MeanInterval(of: [7, 7, 7])?.halfWidth == 0)
  }
}

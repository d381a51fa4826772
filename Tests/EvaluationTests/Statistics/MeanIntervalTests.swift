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

@Suite struct StudentDistributionTests {
  /// From printed tables.
  @Test(arguments: [
    (1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (9, 2.2622), (10, 2.2281), (30, 2.0423), (120, 1.9799),
    (1000, 1.9623), (100_000, 1.9600),
  ])
  func `the quantiles of 95 per cent are those of the tables`(degrees: Int, expected: Double) {
    let quantile = StudentDistribution.quantile(twoSided: 0.95, degreesOfFreedom: degrees)
    #expect(abs(quantile - expected) < 1e-4)
  }
}

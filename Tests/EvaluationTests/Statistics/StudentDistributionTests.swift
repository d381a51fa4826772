import Testing

@testable import Evaluation

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

import Testing

@testable import Evaluation

@Suite struct FeatureStatisticsTests {
  private func statistics(_ features: [[Double]]) -> FeatureStatistics {
    var statistics = FeatureStatistics(featureCount: 2)
    for features in features { statistics.add(features) }
    return statistics
  }

  @Test func `mean and unbiased covariance of known numbers`() {
    let statistics = statistics([[1, 4], [2, 2], [6, 0]])
    #expect(statistics.count == 3 && statistics.mean == [3, 2])
    let covariance = statistics.covariance
    #expect(abs(covariance[0, 0] - 7) < 1e-14 && abs(covariance[1, 1] - 4) < 1e-14)
    #expect(abs(covariance[0, 1] + 5) < 1e-14)
  }

  @Test func `large numbers that differ little lose nothing`() {
    let offset = 1e9
    let covariance = statistics([[offset + 1, offset], [offset + 2, offset], [offset + 3, offset]]).covariance
    #expect(abs(covariance[0, 0] - 1) < 1e-6 && covariance[1, 1] == 0)
  }
}

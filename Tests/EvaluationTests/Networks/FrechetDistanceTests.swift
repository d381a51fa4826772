import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite struct FrechetDistanceTests {
  private static func statistics(_ features: [[Double]]) -> FeatureStatistics {
    var statistics = FeatureStatistics(featureCount: features[0].count)
    for features in features { statistics.add(features) }
    return statistics
  }

  /// The noise of a name in double precision, a row a picture.
  private static func noise(_ name: String, _ pictures: Int, _ features: Int) -> [[Double]] {
    let elements = Tensor.noise(name, [pictures, features]).elements.map { Double($0) }
    return (0..<pictures).map { Array(elements[$0 * features..<($0 + 1) * features]) }
  }

  @Test(arguments: [(60, 12), (200, 64), (60, 80), (50, 300)])
  func `distances are pytorch-fid's, of singular covariances too`(pictures: Int, features: Int) throws {
    let originals = Self.noise("originals", pictures, features)
    let fillings = zip(Self.noise("fillings", pictures, features), originals).map {
      zip($0, $1).map { 0.7 * $0 + 0.5 * $1 + 0.1 }
    }
    let distance = FrechetDistance(to: Self.statistics(originals)).distance(of: Self.statistics(fillings))
    let expected = Fixture("frechet_distance").number("\(pictures)x\(features)")
    #expect(abs(try #require(distance) / expected - 1) < 1e-4)
  }

  @Test func `equal sets have no distance, and a shift counts squared`() throws {
    let features = Self.noise("originals", 60, 8)
    let distance = FrechetDistance(to: Self.statistics(features))
    #expect(abs(try #require(distance.distance(of: Self.statistics(features)))) < 1e-9)
    let shifted = features.map { $0.enumerated().map { $0 == 3 ? $1 + 2 : $1 } }
    #expect(abs(try #require(distance.distance(of: Self.statistics(shifted))) - 4) < 1e-9)
  }

  @Test func `numbers that are not finite have none`() {
    let features = Self.noise("originals", 60, 3)
    let broken = Self.statistics(features + [[0, .nan, 0]])
    #expect(FrechetDistance(to: Self.statistics(features)).distance(of: broken) == nil)
    #expect(FrechetDistance(to: broken).distance(of: Self.statistics(features)) == nil)
  }

  @Test func `few pictures are warned of`() {
    #expect(FrechetDistance.warning(pictureCount: 2048) == nil)
    #expect(
      FrechetDistance.warning(pictureCount: 2047)
        == "The FID of 2047 pictures is larger than that of many: expected at least 2048, one a feature; compare it only "
        + "with one of as many pictures.")
  }
}

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

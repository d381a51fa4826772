import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation

@Suite struct NetworkMeasurementTests {
  @Test func `each method is compared with the original`() throws {
    let report = try SmallNetworks.report(SmallNetworks.networks(inception: false), count: 3)
    #expect(report.networks.frechet == nil)
    for region in Region.allCases {
      #expect(report.mean(.original, .lpips, region) == nil)
      for method in FillingMethod.all where method != .original {
        #expect(report.mean(method, .lpips, region) ?? 0 > 0)
      }
    }
    let perfect = try SmallNetworks.report(SmallNetworks.networks(inception: false), count: 3, level: 0)
    #expect(perfect.mean(.model, .lpips, .whole) == 0 && perfect.mean(.model, .lpips, .hole) == 0)
    #expect(perfect.mean(.baseline(.telea), .lpips, .hole) == report.mean(.baseline(.telea), .lpips, .hole))
  }

  @Test func `sets are compared with the originals`() throws {
    let networks = try SmallNetworks.networks(perceptual: false)
    let scores = try #require(SmallNetworks.report(networks, level: 0.5).networks.frechet)
    #expect(scores.pictureCount == 50)
    let model = try #require(scores.distance(.model))
    // The mean color of a picture is nearly that with a smooth filling, and far from that with a dark one.
    let harmonic = try #require(scores.distance(.baseline(.harmonic)))
    #expect(harmonic > 0 && model > 10 * harmonic)
    #expect(scores.distance(.original) == nil)
    let perfect = try #require(SmallNetworks.report(networks, level: 0).networks.frechet?.distance(.model))
    #expect(abs(perfect) < 1e-9)
  }

  @Test func `too few pictures have no distance, and the report says why`() throws {
    let report = try SmallNetworks.report(SmallNetworks.networks(perceptual: false), count: 4)
    let scores = try #require(report.networks.frechet)
    #expect(scores.distances.allSatisfy { $0 == nil })
    let reason = "FID is not measured: only 4 pictures could be used, and it needs 50."
    #expect(scores.reasonForNone == reason && report.text.contains(reason))
  }
}

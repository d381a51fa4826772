import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct MetricNetworksTests {
  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch {
      return error as? Failure
    }
  }

  @Test func `without weights nothing is read and nothing refused`() throws {
    let none = try MetricNetworks(lpipsWeights: [], lpipsNet: nil, inceptionWeights: nil)
    #expect(none.perceptual == nil && none.inception == nil)
    #expect(none.metrics == Metric.ofPixels)
    try none.require(side: 16)
    try none.require(pictureCount: 1)
  }

  @Test func `a trunk without weights, and files that are not there`() {
    let usage = failure { _ = try MetricNetworks(lpipsWeights: [], lpipsNet: .vgg, inceptionWeights: nil) }
    #expect(usage?.kind == .usage)
    #expect(
      usage?.message
        == "`lpipsNet: vgg`: expected the weights of LPIPS as well, found none; name their file with `lpipsWeights`.")
    for (lpips, inception) in [(["/no/such.pth"], nil), ([], "/no/such.pth")] {
      let failure = failure {
        _ = try MetricNetworks(lpipsWeights: lpips, lpipsNet: nil, inceptionWeights: inception)
      }
      #expect(failure?.kind == .missingInput)
    }
  }

  @Test func `small pictures are refused for LPIPS, few for FID`() throws {
    let networks = try SmallNetworks.networks()
    #expect(networks.metrics == Metric.allCases.filter { $0 != .edges })
    try networks.require(side: 32)
    try networks.require(pictureCount: 50)
    let small = failure { try networks.require(side: 31) }
    #expect(
      small?.kind == .usage && small?.message.hasPrefix("`size`: expected at least 32 for LPIPS, found 31;") == true)
    let few = failure { try networks.require(pictureCount: 49) }
    #expect(few?.kind == .data)
    #expect(
      few?.message
        == "`inceptionWeights`: expected at least 50 pictures for a FID, found 49; measure more, or leave it out.")
    try SmallNetworks.networks(perceptual: false).require(side: 16)
    try SmallNetworks.networks(inception: false).require(pictureCount: 1)
  }
}

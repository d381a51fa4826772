import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

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

/// The scores of networks in reports and comparisons.
@Suite struct NetworkScoresTests {
  private static func read(_ text: String) throws -> EvaluationReport {
    try EvaluationReport(parsing: Array(text.utf8), source: "report.json")
  }

  @Test func `text, page and JSON have both, with the weights' hashes`() throws {
    let report = try SmallNetworks.report()
    let text = report.text
    #expect(text.contains("LPIPS     lpips.pth, SqueezeNet 1.1 (hash 1234)\nFID       <inception> (hash 1234)"))
    #expect(text.contains("FID to the originals: 50 pictures") && text.contains("Originals 50 built-in"))
    #expect(text.contains(LearnedSimilarity.definition) && text.contains(FrechetDistance.definition))
    #expect(OmittedMetric.allCases.allSatisfy { !text.contains($0.reason) })
    let page = try EvaluationPage(report, examples: []).html()
    #expect(page.contains("<th>LPIPS<small>lower is better</small></th>"))
    #expect(page.contains("&lt;inception&gt; <code>hash 1234</code>"))
    #expect(page.contains("FID to the originals: 50 pictures"))
    #expect(try Self.read(report.json) == report)
  }

  @Test func `without weights there is no column, and a line says so`() throws {
    let report = try SmallEvaluation.report()
    for omitted in OmittedMetric.allCases {
      #expect(report.text.contains(omitted.sentence) && report.json.contains(omitted.sentence))
    }
    #expect(!report.json.contains("\"lpips\"") && !report.json.contains("\"hole_lpips\""))
    #expect(report.columns.count == 2 * Metric.ofPixels.count)
  }

  @Test func `reports from before the files' formats were told are read`() throws {
    let report = try SmallEvaluation.report()
    let older = report.json.replacing(",\n    \"file_types\": \"9 built-in\"", with: "")
    #expect(older != report.json)
    #expect(try Self.read(older).conditions.fileTypes == nil)
  }

  @Test func `LPIPS is compared picture by picture, FID as one number`() throws {
    let (older, newer) = (try SmallNetworks.report(level: 0.2), try SmallNetworks.report(level: 0.05))
    let comparison = try ReportComparison(of: newer, with: older, path: "older.json")
    let column = ScoreColumn(metric: .lpips, region: .hole)
    #expect(comparison.columns(in: .hole).last == column)
    #expect(comparison.verdict(column, group: 0) == .better)
    let distances = [newer, older].compactMap { $0.networks.frechet?.distance(.model) }
    try #require(distances.count == 2)
    let format = FrechetScores.format
    #expect(
      comparison.remarks == [
        "FID of 50 pictures: \(format.text(distances[0])), there \(format.text(distances[1])): "
          + "\(format.signed(distances[0] - distances[1])); one number a set has no interval."
      ])
    #expect(comparison.remarks.allSatisfy { comparison.text.contains($0) })
  }

  @Test func `what only one report has, or by other weights, is left out and said`() throws {
    let (plain, full) = (try SmallNetworks.report(MetricNetworks.none), try SmallNetworks.report())
    let other = try SmallNetworks.report(SmallNetworks.networks(hash: "5678"))
    func remarks(_ newer: EvaluationReport, _ older: EvaluationReport) throws -> [String] {
      let comparison = try ReportComparison(of: newer, with: older, path: "older.json")
      #expect(comparison.columns(in: .whole).map(\.metric) == Metric.ofPixels)
      return comparison.remarks
    }
    #expect(
      try remarks(full, plain) == ["LPIPS", "FID"].map { "\($0) is not compared: the older report has none." })
    #expect(
      try remarks(plain, full) == ["LPIPS", "FID"].map { "\($0) is not compared: only the older report has it." })
    #expect(
      try remarks(full, other)
        == ["LPIPS", "FID"].map {
          "\($0) is not compared: the older report has it by other weights (hash 5678, here 1234)."
        })
    #expect(try remarks(plain, plain).isEmpty)
  }
}

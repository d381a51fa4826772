import Tensors
import Testing

@testable import Evaluation
@testable import Support

@Suite struct ReportComparisonTests {
  private static let l1 = ScoreColumn(metric: .l1, region: .hole)

  @Test func `differences are paired`() throws {
    let (older, newer) = (try SmallEvaluation.report(level: 0.1), try SmallEvaluation.report(level: 0.02))
    let comparison = try ReportComparison(of: newer, with: older, path: "older.json")
    let expected = zip(newer.records, older.records).map { new, old in
      (new.score(.model, Self.l1) ?? 0) - (old.score(.model, Self.l1) ?? 0)
    }
    let difference = try #require(comparison.difference(Self.l1, group: 0))
    #expect(difference == MeanInterval(of: expected))
    #expect(difference.mean < 0)
    #expect(comparison.verdict(Self.l1, group: 0) == .better)
    #expect(comparison.verdict(ScoreColumn(metric: .psnr, region: .hole), group: 0) == .better)
    #expect(comparison.verdict(ScoreColumn(metric: .totalVariation, region: .hole), group: 0) == .none)
  }

  @Test func `the other way round it is worse, and against itself undecided`() throws {
    let (older, newer) = (try SmallEvaluation.report(level: 0.02), try SmallEvaluation.report(level: 0.1))
    let worse = try ReportComparison(of: newer, with: older, path: "older.json")
    #expect(worse.verdict(Self.l1, group: 0) == .worse)
    let same = try ReportComparison(of: older, with: older, path: "older.json")
    #expect(same.verdict(Self.l1, group: 0) == .undecided)
    #expect(same.difference(Self.l1, group: 0)?.mean == 0)
  }

  @Test func `reports on other holes are not compared`() throws {
    let older = try SmallEvaluation.report(SmallEvaluation.pictures(seed: 1))
    let newer = try SmallEvaluation.report()
    #expect {
      _ = try ReportComparison(of: newer, with: older, path: "older.json")
    } throws: {
      ($0 as? Failure)?.kind == .data && ($0 as? Failure)?.message.contains("holes") == true
    }
  }

  @Test func `other weights alone are no reason to refuse`() throws {
    let report = try SmallEvaluation.report()
    let renamed = EvaluationReport(
      weights: WeightsIdentity(name: "older", hash: "cd"), conditions: report.conditions, records: report.records,
      skipped: [])
    #expect(try ReportComparison(of: report, with: renamed, path: "older.json").text.contains("Against older"))
  }
}

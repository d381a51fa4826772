import Tensors
import Testing

@testable import Evaluation
@testable import Support

@Suite struct ReportReadingTests {
  private static func read(_ text: String) throws -> EvaluationReport {
    try EvaluationReport(parsing: Array(text.utf8), source: "report.json")
  }

  @Test func `a report reads back as it was written`() throws {
    let report = try SmallEvaluation.report()
    #expect(try Self.read(report.json) == report)
  }

  @Test func `a report that is older than a baseline lacks its numbers and no others`() throws {
    let report = try SmallEvaluation.report()
    let older = try Self.read(report.json.replacing("\"patches\": {", with: "\"other\": {"))
    #expect(older.mean(.baseline(.patches), .psnr, .hole) == nil)
    #expect(older.mean(.model, .psnr, .hole) == report.mean(.model, .psnr, .hole))
  }

  @Test(arguments: [
    ("\"format\": \"kintsugi evaluation 1\"", "\"format\": \"something else\""),
    ("\"holes_sha256\"", "\"hole_sha\""),
    ("\"missing_pixels\": ", "\"missing_pixels\": -"),
    ("\"harmonic\": {", "\"laplace\": {"),
    ("\"picture_count\": 9", "\"picture_count\": \"nine\""),
    ("\"hole_l1\": 0.", "\"hole_l1\": true, \"extra\": 0."),
    ("\"key\": \"ssim\"", "\"key\": \"lpips\""),
    ("\n}", "\n"),
  ])
  func `what is no report is refused as bad data`(text: String, replacement: String) throws {
    let json = try SmallEvaluation.report().json
    let damaged = json.replacing(text, with: replacement)
    #expect(damaged != json)
    #expect {
      _ = try Self.read(damaged)
    } throws: {
      ($0 as? Failure)?.kind == .data && ($0 as? Failure)?.message.contains("report.json") == true
    }
  }
}

import Foundation
import Imaging
import Tensors
import Testing

@testable import Evaluation

@Suite struct EvaluationPageTests {
  private static func page(comparison: ReportComparison? = nil) throws -> String {
    let evaluator = Evaluator(pictures: try SmallEvaluation.pictures(), fill: SmallEvaluation.darker(by: 0.1))
    let report = try evaluator.report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in })
    return try EvaluationPage(report, comparison: comparison, examples: evaluator.examples(of: report)).html()
  }

  @Test func `the page needs nothing but itself`() throws {
    let page = try Self.page()
    // Nine pictures of seven views, each within the page.
    #expect(page.components(separatedBy: "src=\"data:image/jpeg;base64,").count == 9 * 7 + 1)
    for outside in ["http:", "https:", "<script", "<link", "url(", "@import"] {
      #expect(!page.contains(outside))
    }
  }

  @Test func `what came from outside cannot become markup`() throws {
    let page = try Self.page()
    #expect(page.contains("some &amp; &lt;weights&gt;"))
    #expect(!page.contains("<weights>"))
  }

  @Test func `every element is closed`() throws {
    let report = try SmallEvaluation.report(level: 0.02)
    let page = try Self.page(comparison: ReportComparison(of: report, with: report, path: ""))
    for name in ["section", "table", "tbody", "tr", "td", "div", "figure", "details", "dl", "small", "span"] {
      let opened = page.components(separatedBy: "<\(name)>").count + page.components(separatedBy: "<\(name) ").count - 2
      #expect(opened == page.components(separatedBy: "</\(name)>").count - 1, "\(name)")
    }
  }

  @Test func `definitions, and what is not measured, are stated`() throws {
    let page = try Self.page()
    for metric in Metric.ofPixels { #expect(page.contains(HTML.escaped(metric.definition))) }
    for metric in OmittedMetric.allCases { #expect(page.contains(HTML.escaped(metric.sentence))) }
  }
}

/// A report as one self-contained HTML page: tables, bar charts and pictures side by side.
package struct EvaluationPage {
  private let report: EvaluationReport
  private let comparison: ReportComparison?
  private let examples: [ExampleGroup]

  /// - Parameters:
  ///   - comparison: The comparison with an older report, if there is one.
  ///   - examples: The pictures to show, from `Evaluator.examples(of:)`.
  package init(_ report: EvaluationReport, comparison: ReportComparison? = nil, examples: [ExampleGroup]) {
    self.report = report
    self.comparison = comparison
    self.examples = examples
  }

  /// The whole file.
  ///
  /// - Throws: `Failure` of kind `internalError` if a picture cannot be encoded.
  package func html() throws -> String {
    let title = "Evaluation of " + report.weights.name
    let body =
      [summary, PageTables.means(of: report), PageBars.section(of: report)]
      + (comparison.map { [PageTables.differences($0)] } ?? [])
      + [try PageExamples.section(examples), definitions] + skipped
    return HTML.page(title: title, body: body.joined(separator: "\n"))
  }

  /// The weights, the pictures and the conditions.
  private var summary: String {
    let conditions = report.conditions
    let facts: [(title: String, text: String, hash: String?)] = [
      ("Weights", report.weights.name, "hash \(report.weights.hash)"),
      (
        "Pictures", "\(conditions.pictureCount) measured, \(report.skipped.count) skipped",
        "SHA-256 \(conditions.pictureHash.prefix(16))…"
      ),
      ("Holes", conditions.holes, "SHA-256 \(conditions.holeHash.prefix(16))…"),
      ("Size", conditions.resizeRule, nil),
    ]
    let files = conditions.fileTypes.map { [("Originals", $0, String?.none)] } ?? []
    let networks = report.networks.identities.map { ($0.title, $0.weights.name, String?("hash \($0.weights.hash)")) }
    let items = (facts + files + networks).map { title, text, hash in
      let code = hash.map { " " + HTML.element("code", HTML.escaped($0)) } ?? ""
      return HTML.element("dt", title) + HTML.element("dd", HTML.escaped(text) + code)
    }
    return HTML.element(
      "header", HTML.element("h1", "How well holes are filled") + HTML.element("dl", items.joined()))
  }

  /// Explanations of the numbers.
  private var definitions: String {
    let entries = (EvaluationGlossary.metrics(of: report) + EvaluationGlossary.baselines).map {
      HTML.element("dt", HTML.escaped($0.title)) + HTML.element("dd", HTML.escaped($0.definition))
    }
    let notes = EvaluationGlossary.notes + report.networks.omitted.map(\.sentence)
    return HTML.element(
      "section",
      HTML.element("h2", "What is measured") + HTML.element("dl", entries.joined())
        + notes.map { HTML.element("p", HTML.escaped($0)) }.joined())
  }

  /// The section on skipped pictures; empty if there are none.
  private var skipped: [String] {
    guard !report.skipped.isEmpty else { return [] }
    let items = report.skipped.map { HTML.element("li", HTML.escaped($0.sentence)) }
    return [HTML.element("section", HTML.element("h2", "Skipped pictures") + HTML.element("ul", items.joined()))]
  }
}

/// Pictures side by side: original, hole, model, baselines.
enum PageExamples {
  /// The groups one below the other.
  ///
  /// - Throws: `Failure` of kind `internalError` if a picture cannot be encoded.
  static func section(_ groups: [ExampleGroup]) throws -> String {
    let content = try groups.map { group in
      HTML.element("h3", group.title) + (try group.examples.map(row)).joined()
    }
    let column = ExampleChoice.column
    return HTML.element(
      "section",
      HTML.element("h2", "Pictures")
        + HTML.element(
          "p", "Ranked by the model’s \(column.metric.title) inside the hole, which is below each filling.")
        + content.joined())
  }

  /// One picture's views from left to right, or in two lines on narrow screens.
  private static func row(_ example: ShownExample) throws -> String {
    let record = example.record
    let percent = NumberFormat.percent(decimals: 0).text(record.ratio)
    let views = try example.views.map { view in
      let score = view.method.flatMap { record.score($0, ExampleChoice.column) }
      let format = ExampleChoice.column.metric.format
      let number = score.map { HTML.element("small", " \(format.text($0)) \(format.unit)") } ?? ""
      let caption = HTML.element("figcaption", HTML.escaped(view.title) + number)
      let image = try HTML.image(view.picture, description: "\(record.name): \(view.title)")
      return HTML.element("figure", class: view.method == .model ? "model" : nil, image + caption)
    }
    let title = HTML.element("h4", HTML.escaped(record.name) + HTML.element("small", " \(percent) % missing"))
    return HTML.element("div", class: "example", title + HTML.element("div", class: "views", views.joined()))
  }
}

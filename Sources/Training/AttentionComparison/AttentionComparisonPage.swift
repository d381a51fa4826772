import Evaluation
import Foundation
import Imaging
import Support

/// The report of a comparison, as a self-contained HTML page and as Markdown.
struct AttentionComparisonPage {
  private let findings: [AttentionComparison.Finding]
  private let table: AttentionComparisonTable
  private let conditions: [(title: String, text: String)]

  init(
    _ findings: [AttentionComparison.Finding], configuration: TrainingConfiguration, name: String, data: String,
    machine: Machine, threads: Int, date: Date
  ) {
    self.findings = findings
    table = AttentionComparisonTable(findings)
    let run = configuration.training
    let size = configuration.data.size
    conditions = [
      (
        "Training",
        "\(name), \(configuration.modelName): \(run.steps.grouped) steps of \(run.batchSize) pictures of "
          + "\(size)x\(size), seed \(run.seed), the same pictures and holes for all"
      ),
      ("Measured on", "\(data), holes generated with the same seed, means over the pictures of what is in the holes"),
      (
        "Cost",
        "the attention by itself with its usual options on one \(AttentionCost.size) x \(AttentionCost.size) x "
          + "\(AttentionCost.channels) map, medians; memory is that of tensors at most, with all gradients"
      ),
      (
        "Machine",
        "\(machine.processor), \(machine.processorCount) processors, \(threads) threads, \(machine.blas), "
          + String(date.ISO8601Format().prefix(10))
      ),
    ]
  }

  /// The lines of the table, for a terminal.
  var lines: [String] { table.lines }

  /// The table and the conditions of the measurements, as Markdown.
  var markdown: String {
    let heading = "# Attention on equal terms\n\nWritten by `Scripts/compare-attention`.\n\n"
    return heading + conditions.map { "* \($0.title): \($0.text)." }.joined(separator: "\n") + "\n\n" + table.markdown
  }

  /// The HTML page: conditions, table and attention maps.
  ///
  /// - Throws: `Failure` of the kind `internalError` if a picture cannot be encoded.
  func html() throws -> String {
    let facts = conditions.map {
      HTML.element("dt", HTML.escaped($0.title)) + HTML.element("dd", HTML.escaped($0.text))
    }
    let header = HTML.element(
      "header", HTML.element("h1", "Attention on equal terms") + HTML.element("dl", facts.joined()))
    return HTML.page(
      title: "Attention on equal terms", body: [header, tableSection, try looks].joined(separator: "\n"))
  }

  private var tableSection: String {
    let head = AttentionComparisonTable.columns.map { column in
      HTML.element(
        "th", HTML.escaped(column.title) + (column.note.isEmpty ? "" : HTML.element("small", HTML.escaped(column.note)))
      )
    }
    let body = table.rows.map { row in
      HTML.element(
        "tr",
        HTML.element("th", HTML.escaped(row[0]))
          + row.dropFirst().map { HTML.element("td", HTML.escaped($0)) }.joined())
    }
    let whole = HTML.element(
      "table", HTML.element("thead", HTML.element("tr", head.joined())) + HTML.element("tbody", body.joined()))
    return HTML.element("section", HTML.element("h2", "Cost and quality") + HTML.element("div", class: "scroll", whole))
  }

  /// Up to three attention maps for each kind of attention that has them.
  private var looks: String {
    get throws {
      let groups = try findings.compactMap { finding -> String? in
        guard let look = finding.look else { return nil }
        let figures = try zip(look.pictures, look.peaks).map { picture, peak in
          let image = try HTML.image(picture, description: "Where a missing pixel looks with \(finding.variant.name)")
          return HTML.element(
            "figure", image + HTML.element("figcaption", "at most \(peak.decimals(1)) times the mean"))
        }
        return HTML.element(
          "div", class: "example",
          HTML.element("h4", HTML.escaped(finding.variant.name))
            + HTML.element("div", class: "views three", figures.joined()))
      }
      let note =
        "Three missing pixels of one picture, marked red; what is lit is where each draws from, the brightest most. "
        + "Attentions that weigh channels, or places without a query, have no such map."
      return HTML.element(
        "section", HTML.element("h2", "Where three missing pixels look") + HTML.element("p", note) + groups.joined())
    }
  }
}

/// The table of a comparison, with the same columns in text, Markdown and HTML.
struct AttentionComparisonTable {
  /// The titles of the columns, and their units or regions; empty if there is none.
  static let columns: [(title: String, note: String)] = [
    ("attention", ""), ("place", ""), ("parameters", ""), ("multiply-adds", "million"), ("forward", "ms"),
    ("with gradients", "ms"), ("memory", "MiB"), ("L1", "% in holes"), ("PSNR", "dB in holes"),
    ("SSIM", "in holes"),
  ]

  /// The cells of each variant's row, in the order of `columns`.
  let rows: [[String]]

  init(_ findings: [AttentionComparison.Finding]) {
    rows = findings.map { finding in
      let cost = finding.cost
      let place = (try? finding.variant.place) ?? ""
      return [
        finding.variant.name, place.isEmpty ? "–" : place, cost?.parameterCount.grouped ?? "–",
        cost.map { (Double($0.multiplyAdds) / 1e6).decimals(1) } ?? "–",
        cost.map { ($0.forwardSeconds * 1e3).decimals(1) } ?? "–",
        cost.map { ($0.trainingSeconds * 1e3).decimals(1) } ?? "–",
        cost.map { (Double($0.trainingBytes) / Double(1 << 20)).decimals(1) } ?? "–",
        (finding.training.l1 * 100).decimals(2),
        finding.training.psnr.decimals(2), finding.training.ssim.decimals(4),
      ]
    }
  }

  var lines: [String] {
    var table = TextTable(
      Self.columns.enumerated().map { index, column in
        (column.note.isEmpty ? column.title : "\(column.title), \(column.note)", index < 2 ? .left : .right)
      })
    for row in rows { table.append(row) }
    return table.lines
  }

  var markdown: String {
    let titles = Self.columns.map { $0.note.isEmpty ? $0.title : "\($0.title), \($0.note)" }
    let rule = Self.columns.indices.map { $0 < 2 ? "---" : "---:" }
    return ([titles, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

import Support

/// The columns of the comparison, the same in text, Markdown and HTML.
struct AttentionComparisonTable {
  /// Titles with what they mean.
  static let columns: [(title: String, note: String)] = [
    ("attention", ""), ("place", ""), ("parameters", ""), ("multiply-adds", "million"), ("forward", "ms"),
    ("with gradients", "ms"), ("memory", "MiB"), ("L1", "% in holes"), ("PSNR", "dB in holes"),
    ("SSIM", "in holes"),
  ]

  /// A row for each finding.
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

import Support

extension EvaluationReport {
  /// The report for a terminal: conditions, means with their intervals, definitions. Ends without a newline.
  package var text: String {
    let tables = Region.allCases.map { region in region.title + "\n\n" + table(of: region) }
    return ([summary] + tables + [definitions]).joined(separator: "\n\n")
  }

  /// What was measured, under which conditions.
  private var summary: String {
    var lines = [
      "Weights   \(weights.name) (hash \(weights.hash))",
      "Pictures  \(conditions.pictureCount)"
        + (skipped.isEmpty ? "" : ", and \(skipped.count) skipped")
        + " (SHA-256 \(conditions.pictureHash.prefix(16))…)",
      "Size      \(conditions.resizeRule)",
      "Holes     \(conditions.holes) (SHA-256 \(conditions.holeHash.prefix(16))…)",
    ]
    lines += skipped.map(\.sentence)
    return lines.joined(separator: "\n")
  }

  /// Methods by metrics, for all pictures and for each class of holes.
  private func table(of region: Region) -> String {
    let columns = ScoreColumn.columns(in: region)
    var table = TextTable(numbersUnder: columns.map(\.metric.heading))
    for group in groups {
      table.append(heading: "\(group.title): \(group.records.count)")
      for method in group.methods(in: region) {
        table.append(["  " + method.title] + columns.map { $0.metric.format.text(group.mean(method, $0)) })
      }
    }
    return table.lines.joined(separator: "\n")
  }

  /// What the numbers mean.
  private var definitions: String { EvaluationGuide.definitions }
}

import Foundation
import Support

extension EvaluationReport {
  /// The report for a terminal: conditions, means with their intervals, definitions. Ends without a newline.
  package var text: String {
    let tables = Region.allCases.map { region in region.title + "\n\n" + table(of: region) }
    return ([summary] + tables + distances + labelTable + [EvaluationGuide.definitions(of: self)]).joined(
      separator: "\n\n")
  }

  /// The facts on what was measured, under which conditions.
  private var summary: String {
    var lines = [
      "Weights   \(weights.name) (hash \(weights.hash))",
      "Pictures  \(conditions.pictureCount)"
        + (skipped.isEmpty ? "" : ", and \(skipped.count) skipped")
        + " (SHA-256 \(conditions.pictureHash.prefix(16))…)",
      "Size      \(conditions.resizeRule)",
      "Holes     \(conditions.holes) (SHA-256 \(conditions.holeHash.prefix(16))…)",
    ]
    lines.insert(contentsOf: conditions.fileTypes.map { ["Originals \($0)"] } ?? [], at: 2)
    lines += networks.identities.map { title, identity in
      title.padding(toLength: 10, withPad: " ", startingAt: 0) + "\(identity.name) (hash \(identity.hash))"
    }
    lines += skipped.map(\.sentence)
    return lines.joined(separator: "\n")
  }

  /// Methods by metrics, for all pictures and for each class of holes.
  private func table(of region: Region) -> String {
    let columns = columns(in: region)
    var table = TextTable(numbersUnder: columns.map(\.metric.heading))
    for group in groups {
      table.append(heading: "\(group.title): \(group.records.count)")
      for method in group.methods(in: region) {
        table.append(["  " + method.title] + columns.map { $0.metric.format.text(group.mean(method, $0)) })
      }
    }
    return table.lines.joined(separator: "\n")
  }

  /// The scores of labels; nothing if nobody has asked.
  private var labelTable: [String] {
    guard let labels else { return [] }
    var table = TextTable(numbersUnder: [LabelScores.format.unit])
    for row in labels.rows { table.append(["  " + row.title, LabelScores.format.text(row.value ?? .nan)]) }
    return [labels.title + "\n\n" + table.lines.joined(separator: "\n")]
  }

  /// FID, or why there is none; nothing if nobody has asked.
  private var distances: [String] {
    guard let frechet = networks.frechet else { return [] }
    if let reason = frechet.reasonForNone { return [reason] }
    var table = TextTable(numbersUnder: [FrechetDistance.title])
    for row in frechet.rows { table.append(["  " + row.method.title, row.text]) }
    return [frechet.title + "\n\n" + table.lines.joined(separator: "\n")]
  }
}

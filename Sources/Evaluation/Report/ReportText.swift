import Foundation
import Support

extension EvaluationReport {
  /// The report for a terminal: conditions, means with their intervals, definitions. Ends without a newline.
  package var text: String {
    let tables = Region.allCases.map { region in region.title + "\n\n" + table(of: region) }
    return ([summary] + tables + distances + labelTable + [EvaluationGlossary.definitions(of: self)]).joined(
      separator: "\n\n")
  }

  /// The weights, the pictures and the conditions.
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

  /// A table of methods by metrics, for all pictures and for each class of holes.
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

  /// The table of label scores; empty if they were not requested.
  private var labelTable: [String] {
    guard let labels else { return [] }
    var table = TextTable(numbersUnder: [LabelScores.format.unit])
    for row in labels.rows { table.append(["  " + row.title, LabelScores.format.text(row.value ?? .nan)]) }
    return [labels.title + "\n\n" + table.lines.joined(separator: "\n")]
  }

  /// The table of FID, or the reason why there is none; empty if it was not requested.
  private var distances: [String] {
    guard let frechet = networks.frechet else { return [] }
    if let reason = frechet.reasonForNone { return [reason] }
    var table = TextTable(numbersUnder: [FrechetDistance.title])
    for row in frechet.rows { table.append(["  " + row.method.title, row.text]) }
    return [frechet.title + "\n\n" + table.lines.joined(separator: "\n")]
  }
}

/// The definitions of metrics and baselines in words, for help texts and reports.
package enum EvaluationGlossary {
  /// Every metric and every baseline, for help texts.
  package static var definitions: String {
    text(metrics(Metric.allCases, hasFrechet: true, hasLabels: true) + baselines, notes: notes)
  }

  /// The metrics of a report and the baselines, with the reasons why metrics are missing.
  static func definitions(of report: EvaluationReport) -> String {
    text(metrics(of: report) + baselines, notes: report.networks.omitted.map(\.sentence) + notes)
  }

  /// The metrics that a report has, by their titles.
  static func metrics(of report: EvaluationReport) -> [(title: String, definition: String)] {
    metrics(report.metrics, hasFrechet: report.networks.frechet != nil, hasLabels: report.labels != nil)
  }

  private static func metrics(
    _ metrics: [Metric], hasFrechet: Bool, hasLabels: Bool
  ) -> [(title: String, definition: String)] {
    metrics.map { ($0.title, $0.definition) }
      + (hasFrechet ? [(FrechetDistance.title, FrechetDistance.definition)] : [])
      + (hasLabels ? [("Labels", LabelScores.definition)] : [])
  }

  /// The baselines, by their titles.
  static var baselines: [(title: String, definition: String)] {
    Baseline.allCases.map { ("\($0.title) (baseline)", $0.definition) }
  }

  static let notes = [MeanInterval.definition, rounding]

  private static func text(_ definitions: [(title: String, definition: String)], notes: [String]) -> String {
    (definitions.map { "\($0.title): \($0.definition)" } + notes).joined(separator: "\n")
  }

  /// A description of the preparation of pictures and holes.
  package static let pictures =
    "Pictures are cut and resized by one rule: the largest square in the middle, brought to the size by a triangle "
    + "filter with antialiasing. Generated holes are brush strokes, a pure function of the seed, the picture's name and "
    + "the size, spread over the ratios of hole to picture \(HoleRatio.all.map(\.title).joined(separator: ", "))."

  static let rounding = "Fillings are measured rounded to 8 bits a channel, as a picture file would hold them."
}

extension NumberFormat {
  /// The number in the format's unit, without the unit.
  func text(_ value: Double) -> String { String(format: "%.\(decimals)f", value * factor) }

  /// A difference, always with its sign.
  func signed(_ value: Double) -> String { String(format: "%+.\(decimals)f", value * factor) }

  /// `mean ± half width`; a dash if there is no mean.
  func text(_ interval: MeanInterval?) -> String {
    guard let interval else { return "–" }
    return text(interval.mean) + (interval.halfWidth.map { " ± " + text($0) } ?? "")
  }

  /// A mean difference with its interval.
  func signed(_ interval: MeanInterval) -> String {
    signed(interval.mean) + (interval.halfWidth.map { " ± " + text($0) } ?? "")
  }
}

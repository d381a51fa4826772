/// The measurements and their definitions in words, for help texts and reports.
package enum EvaluationGuide {
  /// Every metric and every baseline, for help.
  package static var definitions: String {
    text(metrics(Metric.allCases, hasFrechet: true, hasLabels: true) + baselines, notes: notes)
  }

  /// The same of what a report has, and why it lacks the rest.
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

  /// A description of how pictures become what is measured.
  package static let pictures =
    "Pictures are cut and resized by one rule: the largest square in the middle, brought to the size by a triangle "
    + "filter with antialiasing. Generated holes are brush strokes, a pure function of the seed, the picture's name and "
    + "the size, spread over the ratios of hole to picture \(HoleRatio.all.map(\.title).joined(separator: ", "))."

  static let rounding = "Fillings are measured rounded to 8 bits a channel, as a picture file would hold them."
}

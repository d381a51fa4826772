/// The measurements and their definitions in words, for help texts and reports.
package enum EvaluationGuide {
  /// Every metric, every baseline, and what is not measured.
  package static var definitions: String {
    var lines = Metric.allCases.map { "\($0.title): \($0.definition)" }
    lines += Baseline.allCases.map { "\($0.title) (baseline): \($0.definition)" }
    lines += OmittedMetric.allCases.map(\.sentence)
    lines += [MeanInterval.definition, rounding]
    return lines.joined(separator: "\n")
  }

  /// How pictures become what is measured.
  package static let pictures =
    "Pictures are cut and resized by one rule: the largest square in the middle, brought to the size by a triangle "
    + "filter with antialiasing. Generated holes are brush strokes, a pure function of the seed, the picture's name and "
    + "the size, spread over the ratios of hole to picture \(HoleRatio.all.map(\.title).joined(separator: ", "))."

  static let rounding = "Fillings are measured rounded to 8 bits a channel, as a picture file would hold them."
}

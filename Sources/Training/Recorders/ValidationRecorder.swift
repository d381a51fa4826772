import Evaluation
import Support

/// Measures the quality of the fillings now and then, and after the last step.
final class ValidationRecorder: Recorder {
  /// The last measurement.
  private(set) var last: HoleQualityReport?
  /// All of the run.
  private(set) var history: ValidationHistory
  private let validation: Validation
  private let interval: Interval

  /// - Parameter history: What was measured before the run was resumed.
  init(_ validation: Validation, interval: Interval, history: ValidationHistory) {
    self.validation = validation
    self.interval = interval
    self.history = history
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    guard interval.isDue(state.step) else { return }
    let quality = HoleQualityReport(
      quality: try state.evaluating { try validation.quality(of: $0) }, baseline: validation.baseline,
      harmonic: validation.harmonic)
    report.measurements += quality.values
    history.append(.init(step: state.step, psnr: quality.quality.psnr, l1: quality.quality.l1))
    last = quality
  }

  /// A sentence on the lead over the harmonic fill and its rise; nil before the first measurement.
  var verdict: String? { last.map { history.verdict(harmonicPSNR: $0.harmonic.psnr) } }
}

/// The quality of the fillings beside those of the fill with the mean color and of the harmonic fill.
struct HoleQualityReport {
  let quality: HoleQuality
  let baseline: HoleQuality
  let harmonic: HoleQuality

  var values: [(key: String, value: Double)] {
    [
      ("validation/psnr", quality.psnr), ("validation/l1", quality.l1),
      ("validation/psnr_mean_color", baseline.psnr), ("validation/l1_mean_color", baseline.l1),
      ("validation/psnr_harmonic", harmonic.psnr), ("validation/l1_harmonic", harmonic.l1),
    ]
  }

  var lines: [String] {
    [
      "validation, PSNR in the hole: \(quality.psnr.decimals(2)) dB (harmonic fill \(harmonic.psnr.decimals(2)) dB, "
        + "mean color \(baseline.psnr.decimals(2)) dB)",
      "validation, L1 in the hole: \(quality.l1.decimals(4)) (harmonic fill \(harmonic.l1.decimals(4)), "
        + "mean color \(baseline.l1.decimals(4)))",
    ]
  }
}

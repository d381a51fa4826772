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

/// The measure by which a checkpoint is the best: a mean over the pictures of a validation, inside the holes. The raw values
/// are those of the configuration.
package enum KeptMetric: String, CaseIterable, Sendable {
  /// The peak signal-to-noise ratio: higher is better.
  case psnr
  /// The mean absolute error: lower is better.
  case l1
}

/// The validations of a run, in the order of its steps.
package struct ValidationHistory: Sendable {
  struct Entry: Sendable {
    let step: Int
    /// In decibels.
    let psnr: Double
    /// 1 is from black to white.
    let l1: Double
  }

  /// The rise in decibels from which on it is one: less comes and goes with the pictures of a few steps.
  private static let smallestRise = 0.02

  private var entries: [Entry] = []

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Appends what a line of the metrics says, if it tells of a validation.
  mutating func append(ofMetrics line: JSONValue, step: Int) {
    guard case .number(let psnr)? = line["validation/psnr"]?.content,
      case .number(let l1)? = line["validation/l1"]?.content
    else { return }
    append(Entry(step: step, psnr: psnr.real, l1: l1.real))
  }

  /// The step of the best validation after a step, the first of those that are equally good; nil if there was none.
  func bestStep(by metric: KeptMetric, after step: Int = 0) -> Int? {
    let entries = entries.filter { $0.step > step }
    return switch metric {
    case .psnr: entries.filter(\.psnr.isFinite).max { $0.psnr < $1.psnr }?.step
    case .l1: entries.filter(\.l1.isFinite).min { $0.l1 < $1.l1 }?.step
    }
  }

  /// A sentence on the last validation, beside that of the last three quarters of the steps.
  ///
  /// - Precondition: There was one.
  func verdict(harmonicPSNR: Double) -> String {
    guard let last = entries.last else { preconditionFailure("ValidationHistory.verdict: there was no validation") }
    let lead = last.psnr - harmonicPSNR
    let side = lead >= 0 ? "ahead of" : "behind"
    let level =
      "The network is \(lead.magnitude.decimals(2)) dB \(side) the harmonic fill in the holes "
      + "(\(last.psnr.decimals(2)) against \(harmonicPSNR.decimals(2)) dB)"
    guard let earlier = entries.last(where: { $0.step * 4 <= last.step * 3 }) else { return level + "." }
    let rise = last.psnr - earlier.psnr
    return rise >= Self.smallestRise
      ? level + ", and was still rising: \(rise.decimals(2)) dB since step \(earlier.step)."
      : level + ", and has not risen since step \(earlier.step)."
  }
}

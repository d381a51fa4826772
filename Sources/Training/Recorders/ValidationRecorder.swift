import Evaluation
import Support

/// A recorder that validates at intervals and after the last step.
final class ValidationRecorder: Recorder {
  /// The last validation of this session; nil before the first.
  private(set) var last: HoleQualityReport?
  /// All validations of the run, with those before it was resumed.
  private(set) var history: ValidationHistory
  private let validation: Validation
  private let interval: Interval

  /// - Parameter history: The validations before the run was resumed.
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

  /// A sentence that compares the PSNR with that of the harmonic fill, and with earlier validations; nil before the first
  /// validation.
  var verdict: String? { last.map { history.verdict(harmonicPSNR: $0.harmonic.psnr) } }
}

/// The validation metrics of the network, beside those of two baselines.
struct HoleQualityReport {
  let quality: HoleQuality
  /// The metrics of the fill with the mean color of the known pixels.
  let baseline: HoleQuality
  /// The metrics of the harmonic fill (Laplace's equation).
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

/// The validation metric by which the best checkpoint is chosen: a mean over the validation pictures, inside the holes. Raw
/// values are those of `training.keep_best`.
package enum KeptMetric: String, CaseIterable, Sendable {
  /// The peak signal-to-noise ratio: higher is better.
  case psnr
  /// The mean absolute error: lower is better.
  case l1
}

/// The validations of a run, in the order of steps.
package struct ValidationHistory: Sendable {
  struct Entry: Sendable {
    let step: Int
    /// The peak signal-to-noise ratio in decibels.
    let psnr: Double
    /// The mean absolute error, where 1 is the difference between black and white.
    let l1: Double
  }

  /// The smallest increase of PSNR, in decibels, that counts as an improvement: less is noise between steps.
  private static let smallestRise = 0.02

  private var entries: [Entry] = []

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Appends the validation of a line of `metrics.jsonl`, if the line has one.
  mutating func append(ofMetrics line: JSONValue, step: Int) {
    guard case .number(let psnr)? = line["validation/psnr"]?.content,
      case .number(let l1)? = line["validation/l1"]?.content
    else { return }
    append(Entry(step: step, psnr: psnr.real, l1: l1.real))
  }

  /// The step of the best validation after a step, the first of equally good ones; nil if there is none. Values that are not
  /// finite are left out.
  func bestStep(by metric: KeptMetric, after step: Int = 0) -> Int? {
    let entries = entries.filter { $0.step > step }
    return switch metric {
    case .psnr: entries.filter(\.psnr.isFinite).max { $0.psnr < $1.psnr }?.step
    case .l1: entries.filter(\.l1.isFinite).min { $0.l1 < $1.l1 }?.step
    }
  }

  /// A sentence that compares the last validation with the harmonic fill, and with the newest validation in the first three
  /// quarters of the steps so far.
  ///
  /// - Precondition: There is a validation.
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

import Support

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

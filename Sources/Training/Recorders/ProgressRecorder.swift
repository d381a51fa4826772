import Support

/// Shows how far a run is, how fast it goes, and its losses. Time between steps does not count.
final class ProgressRecorder: Recorder {
  private let bar: ProgressBar

  /// - Parameter step: The steps that were made before.
  init(total: Int, after step: Int, console: Console) {
    bar = ProgressBar(total: total, after: step, console: console)
  }

  func stepBegan() { bar.skipTime() }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) {
    bar.update(
      step: state.step, images: report.images,
      losses: report.terms.map { (name: $0.name, value: Double($0.value)) }, phase: report.phase,
      remark: Straggler(report.waits, seconds: report.seconds)?.remark)
  }

  func runEnded(_ state: TrainingState) { bar.finish() }
}

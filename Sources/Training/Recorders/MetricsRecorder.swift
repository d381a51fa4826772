/// Writes every step's values into `metrics.jsonl`.
final class MetricsRecorder: Recorder {
  private let log: MetricsLog

  init(_ log: MetricsLog) { self.log = log }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    try log.append(step: state.step, phase: report.phase, report.values)
  }
}

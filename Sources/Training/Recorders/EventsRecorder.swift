/// Writes values as curves for TensorBoard: those of every step at first, of every tenth later. Curves need no more, and
/// event files stay small.
final class EventsRecorder: Recorder {
  private let file: EventFile
  private let validationInterval: Int

  /// - Parameter validationInterval: The steps between validations, all of which are written; 0 if there are none.
  init(_ file: EventFile, validationInterval: Int) {
    self.file = file
    self.validationInterval = validationInterval
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    let step = state.step
    let isValidated = validationInterval > 0 && step % validationInterval == 0
    guard step <= 100 || step % 10 == 0 || isValidated else { return }
    try file.append(step: step, scalars: report.values.map { (tag: $0.key, value: $0.value) })
  }
}

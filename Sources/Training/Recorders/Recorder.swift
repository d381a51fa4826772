/// Someone who is told how a training goes, and writes it down or shows it.
package protocol Recorder: AnyObject {
  /// Before the first step.
  func runBegan(_ state: TrainingState) throws

  /// Before every step.
  func stepBegan()

  /// After every step, whose number is `state.step`.
  ///
  /// - Parameter report: Measurements may be added to it, for the recorders that come later.
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws

  /// After the last step, also if the run was interrupted; not if it failed.
  func runEnded(_ state: TrainingState) throws
}

extension Recorder {
  package func runBegan(_ state: TrainingState) throws {}
  package func stepBegan() {}
  package func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {}
  package func runEnded(_ state: TrainingState) throws {}
}

/// The steps after which something is due that is not done after every step.
struct Interval {
  /// The number of steps from one time to the next; 0 for never.
  let length: Int
  /// The step at which the run ends: the last time.
  let lastStep: Int

  func isDue(_ step: Int) -> Bool { length > 0 && (step % length == 0 || step == lastStep) }
}

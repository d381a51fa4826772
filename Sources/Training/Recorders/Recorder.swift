import InpaintingModels
import Support

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

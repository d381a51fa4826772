import InpaintingModels
import Support

/// A callback of the training loop, which logs, validates, or saves checkpoints.
package protocol Recorder: AnyObject {
  /// Called before the first step.
  func runBegan(_ state: TrainingState) throws

  /// Called before every step.
  func stepBegan()

  /// Called after every step, whose number, from 1, is `state.step`.
  ///
  /// - Parameter report: The losses and times of the step. A recorder may add measurements, which later recorders receive.
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws

  /// Called after the last step, also if the run was interrupted; not if an error was thrown.
  func runEnded(_ state: TrainingState) throws
}

extension Recorder {
  package func runBegan(_ state: TrainingState) throws {}
  package func stepBegan() {}
  package func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {}
  package func runEnded(_ state: TrainingState) throws {}
}

/// The schedule of an action that is due every `length` steps and after the last step of the run.
struct Interval {
  /// The number of steps between two actions; 0 for no action.
  let length: Int
  /// The last step of the run.
  let lastStep: Int

  func isDue(_ step: Int) -> Bool { length > 0 && (step % length == 0 || step == lastStep) }
}

/// A recorder that shows a progress bar with the speed and the losses. Time between steps, such as that of a
/// validation, does not count for the speed.
final class ProgressRecorder: Recorder {
  private let bar: ProgressBar

  /// - Parameters:
  ///   - total: The number of steps of the run.
  ///   - step: The number of steps before this session: 0, or the step of the checkpoint from which the run is resumed.
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

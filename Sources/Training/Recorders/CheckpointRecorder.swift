import InpaintingModels
import Support

/// Saves checkpoints now and then, after the last step, and when a run is interrupted.
final class CheckpointRecorder: Recorder {
  /// The step of the newest checkpoint; nil if there is none.
  private(set) var lastSavedStep: Int?
  private let store: CheckpointStore
  private let interval: Interval
  private let configuration: JSONValue
  private let metrics: MetricsLog

  /// - Parameters:
  ///   - savedStep: The step of the checkpoint that the run goes on from.
  ///   - configuration: What the numbers depend on.
  ///   - metrics: What a checkpoint vouches for up to its step.
  init(
    _ store: CheckpointStore, interval: Interval, savedStep: Int?, configuration: JSONValue, metrics: MetricsLog
  ) {
    self.store = store
    self.interval = interval
    self.configuration = configuration
    self.metrics = metrics
    lastSavedStep = savedStep
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    if interval.isDue(state.step) || state.step == interval.lastStep { try save(state) }
  }

  func runEnded(_ state: TrainingState) throws {
    if lastSavedStep != state.step { try save(state) }
  }

  func save(_ state: TrainingState) throws {
    try metrics.synchronise()
    try state.save(in: store, configuration: configuration)
    lastSavedStep = state.step
  }
}

import InpaintingModels
import Support

/// A recorder that saves checkpoints: at intervals, after the last step, on request by a signal, after the best
/// validation so far, and when a run is interrupted or fails.
final class CheckpointRecorder: Recorder {
  /// The step of the newest checkpoint; nil if there is none.
  private(set) var lastSavedStep: Int?
  private let store: CheckpointStore
  private let interval: Interval
  private let configuration: JSONValue
  private let pictures: PictureList?
  private let metrics: MetricsLog
  private let interruption: Interruption
  /// The recorder of validations, which comes before this one; nil if the run has no validation, and so no pictures for
  /// sheets of samples.
  var validation: ValidationRecorder?
  private let keepBest: KeptMetric?
  private let console: Console

  /// - Parameters:
  ///   - savedStep: The step of the checkpoint from which the run is resumed; nil for a new run.
  ///   - configuration: The settings that determine the numbers of the run (`TrainingConfiguration.arithmetic`).
  ///   - pictures: The list of training pictures; nil for built-in ones.
  ///   - metrics: The log, which is written to disk up to the step of a checkpoint before the checkpoint is saved.
  ///   - interruption: The source of requests for checkpoints by signals.
  ///   - keepBest: The metric by which the best checkpoint is kept beside the newest; nil to keep the newest only.
  ///   - console: Prints the paths of requested checkpoints.
  init(
    _ store: CheckpointStore, interval: Interval, savedStep: Int?, configuration: JSONValue, pictures: PictureList?,
    metrics: MetricsLog, interruption: Interruption, keepBest: KeptMetric?,
    console: Console
  ) {
    self.store = store
    self.interval = interval
    self.configuration = configuration
    self.pictures = pictures
    self.metrics = metrics
    self.interruption = interruption
    self.keepBest = keepBest
    self.console = console
    lastSavedStep = savedStep
  }

  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws {
    let isAskedFor = interruption.takeCheckpointRequest()
    let isSaving =
      isAskedFor || interval.isDue(state.step) || state.step == interval.lastStep || bestStep(of: state) == state.step
    try state.gatherMoments(isSaving: isSaving)
    guard isSaving else { return }
    try save(state)
    guard isAskedFor else { return }
    console.write(line: "saved      \(store.path(step: state.step))")
    if validation == nil, interruption.takeSamplesRequest() {
      console.warn("there are no pictures to validate on, and so no sheet of samples")
    }
  }

  func runEnded(_ state: TrainingState) throws {
    let isSaving = lastSavedStep != state.step
    try state.gatherMoments(isSaving: isSaving)
    if isSaving { try save(state) }
  }

  /// The step of the best validation since the training of the current phase's networks began; before the first such
  /// validation, that of the whole run.
  private func bestStep(of state: TrainingState) -> Int? {
    guard let keepBest, let history = validation?.history else { return nil }
    return history.bestStep(by: keepBest, after: state.stepsBeforeTheseNetworks) ?? history.bestStep(by: keepBest)
  }

  /// Writes the metrics to disk, then saves a checkpoint.
  func save(_ state: TrainingState) throws {
    try metrics.synchronize()
    try saveWeights(state)
  }

  /// Saves a checkpoint, even if the metrics cannot be written.
  func saveWeights(_ state: TrainingState) throws {
    try state.save(in: store, configuration: configuration, pictures: pictures, best: bestStep(of: state))
    lastSavedStep = state.step
  }
}

/// The counterpart of `CheckpointRecorder` on ranks other than 0: it takes part in gathering sharded moments.
final class CheckpointContributor: Recorder {
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws { try state.gatherMoments() }
  func runEnded(_ state: TrainingState) throws { try state.gatherMoments() }
}

import InpaintingModels
import Support

/// Saves checkpoints now and then, after the last step, when it is asked to, when a validation was
/// the best so far, when a run is interrupted and when it fails.
final class CheckpointRecorder: Recorder {
  /// The step of the newest checkpoint; nil if there is none.
  private(set) var lastSavedStep: Int?
  private let store: CheckpointStore
  private let interval: Interval
  private let configuration: JSONValue
  private let pictures: PictureList?
  private let metrics: MetricsLog
  private let interruption: Interruption
  /// Measures before this is told of a step; it has pictures for the sheets that may be asked for, too.
  var validation: ValidationRecorder?
  private let keepBest: KeptMetric?
  private let console: Console

  /// - Parameters:
  ///   - savedStep: The step of the checkpoint that the run goes on from.
  ///   - configuration: What the numbers depend on.
  ///   - pictures: The pictures that are trained on, if they are files.
  ///   - metrics: What a checkpoint vouches for up to its step.
  ///   - interruption: What asks for checkpoints between those that are due.
  ///   - keepBest: The measure by which the best checkpoint is kept beside the newest; nil if it is not.
  ///   - console: Is told of those.
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

  /// The step of the best validation of the networks that are trained now; until there is one, of all that there were.
  private func bestStep(of state: TrainingState) -> Int? {
    guard let keepBest, let history = validation?.history else { return nil }
    return history.bestStep(by: keepBest, after: state.stepsBeforeTheseNetworks) ?? history.bestStep(by: keepBest)
  }

  func save(_ state: TrainingState) throws {
    try metrics.synchronize()
    try saveWeights(state)
  }

  /// Saves the state whatever has become of the metrics.
  func saveWeights(_ state: TrainingState) throws {
    try state.save(in: store, configuration: configuration, pictures: pictures, best: bestStep(of: state))
    lastSavedStep = state.step
  }
}

/// Gives the process that saves checkpoints what others have of them, whenever it may save one.
final class CheckpointContributor: Recorder {
  func stepEnded(_ report: inout StepReport, _ state: TrainingState) throws { try state.gatherMoments() }
  func runEnded(_ state: TrainingState) throws { try state.gatherMoments() }
}

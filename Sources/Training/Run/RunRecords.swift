import InpaintingModels
import Support

/// The records of the one process that writes a run: the folder's lock, the logs, the checkpoints.
final class RunRecords {
  let lock: RunLock
  let metrics: MetricsLog
  let events: EventFile
  let checkpoints: CheckpointRecorder

  /// - Parameters:
  ///   - lock: The folder's, if it is held already.
  ///   - start: The weights that a new run begins with.
  init(
    _ configuration: TrainingConfiguration, directory: RunDirectory, store: CheckpointStore, lock ownLock: RunLock?,
    resumingAfter step: Int?, savedStep: Int?, start: LoadedModel?, pictures: PictureList?,
    interruption: Interruption, console: Console
  ) throws {
    let run = configuration.training
    lock = try ownLock ?? directory.lockForStarting(console)
    if let start { try directory.noteStart(start) }
    metrics = try MetricsLog(path: directory.metrics, resumingAfter: step)
    events = try EventFile(folder: directory.path, resumingAfter: step ?? 0)
    try configuration.write(to: directory)
    checkpoints = CheckpointRecorder(
      store, interval: Interval(length: run.checkpointEvery, lastStep: run.steps), savedStep: savedStep,
      configuration: configuration.arithmetic, pictures: pictures, metrics: metrics, interruption: interruption,
      keepBest: run.keepBest, console: console)
  }
}

extension TrainingConfiguration {
  /// Writes down what runs, with every default.
  func write(to directory: RunDirectory) throws {
    try FileWriter.writeAtomically(resolved.write(pretty: true) + "\n", to: directory.configuration)
  }
}

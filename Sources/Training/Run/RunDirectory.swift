import Foundation
import InpaintingModels
import Support

/// The folder of a run: configuration, metrics, checkpoints, sample sheets and TensorBoard events.
package struct RunDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var configuration: String { path + "/config.json" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var checkpoints: String { path + "/" + CheckpointStore.folderName }
  package var samples: String { path + "/samples" }
  /// The record of the initial weights; the file exists only if the run was started with pretrained weights.
  var initialWeights: String { path + "/initial_weights.json" }

  package func sample(step: Int) -> String { samples + "/" + CheckpointStore.name(step: step) + ".png" }

  /// Checks that a new run can be started in the folder.
  ///
  /// - Throws: `Failure` of the kind `exists` if the folder has a run, or a running process holds its lock.
  func refuseExistingRun() throws {
    if let holder = RunLock.runningHolder(in: path) { throw RunLock.refusal(path, holder) }
    try refuseContents()
  }

  /// Creates the folder of a new run, and takes its lock.
  ///
  /// - Throws: `Failure` of the kind `exists` if another process has started a run there meanwhile; `inputOutput`.
  func lockForStarting(_ console: Console) throws -> RunLock {
    try FileWriter.createFolder(path)
    let lock = try RunLock(folder: path) { console.warn($0) }
    try refuseContents()
    try createFolders()
    return lock
  }

  /// Takes the lock of a run to be resumed, and removes temporary files that a crash may have left.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is no run, `exists` if another process holds the lock;
  ///   `inputOutput`.
  func lockForResuming(_ console: Console) throws -> RunLock {
    try requireRun()
    let lock = try RunLock(folder: path) { console.warn($0) }
    try createFolders()
    for folder in [path, checkpoints, samples] { _ = try FileWriter.sweepTemporaries(in: folder) }
    return lock
  }

  /// Checks that there is a run to resume.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if the folder does not exist, or has only files that no run writes.
  func requireRun() throws {
    let names = try? FileReader.names(in: path)
    // An empty folder counts: a run may be stopped right after it has created its folder.
    if let names, names.isEmpty || names.contains(where: Self.isOfRun) { return }
    throw Failure(
      .missingInput,
      sentence: "\(path): expected a run to go on with, found none; leave out \(setting: .resume) to start one.")
  }

  /// Creates the run directory and the folders in it that do not exist.
  func createFolders() throws {
    for folder in [path, checkpoints, samples] { try FileWriter.createFolder(folder) }
  }

  private func refuseContents() throws {
    func names(_ folder: String) -> [String] { (try? FileReader.names(in: folder)) ?? [] }
    let made = [checkpoints, samples].flatMap(names).filter { $0.hasPrefix("step-") }
    guard !made.isEmpty || names(path).contains(where: Self.holdsRun) else { return }
    throw Failure(
      .exists,
      sentence: """
        \(path): there is a run already; go on with it by adding \(setting: .resume), or name another folder with \
        \(setting: .directory).
        """)
  }

  /// True if a file of this name holds results or settings of a run.
  private static func holdsRun(_ name: String) -> Bool {
    ["config.json", "metrics.jsonl", "initial_weights.json"].contains(name) || name.hasPrefix("events.out.tfevents.")
  }

  /// True if a run creates a file or folder of this name.
  private static func isOfRun(_ name: String) -> Bool {
    holdsRun(name) || [CheckpointStore.folderName, "samples", RunLock.fileName].contains(name)
  }
}

/// Parameters of a run that messages refer to.
extension Setting {
  static let directory = Setting("directory")
  static let resume = Setting("resume")
}

/// The files that rank 0 writes during a run: the lock of the run directory, the logs and the checkpoints.
final class RunRecords {
  let lock: RunLock
  let metrics: MetricsLog
  let events: EventFile
  let checkpoints: CheckpointRecorder

  /// - Parameters:
  ///   - ownLock: The lock of the run directory if it is held already, as on resume; nil to take the lock of a new run.
  ///   - step: The step of the checkpoint from which the run is resumed, 0 if it starts over; nil for a new run.
  ///   - savedStep: The step of the loaded checkpoint; nil if there is none.
  ///   - start: The initial weights of a new run; nil for random initialization.
  ///   - pictures: The list of training pictures; nil for built-in ones.
  /// - Throws: `Failure` of the kind `exists` or `inputOutput`.
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
  /// Writes the resolved configuration, with every default, to `config.json`.
  func write(to directory: RunDirectory) throws {
    try FileWriter.writeAtomically(resolved.write(pretty: true) + "\n", to: directory.configuration)
  }
}

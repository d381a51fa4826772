import Foundation
import InpaintingModels
import Support

/// The folder that a run writes into: its configuration, metrics, checkpoints, samples and events.
package struct RunDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var configuration: String { path + "/config.json" }
  package var metrics: String { path + "/metrics.jsonl" }
  package var checkpoints: String { path + "/" + CheckpointStore.folderName }
  package var samples: String { path + "/samples" }
  /// The record of what the run started from, if that was not fresh parameters.
  var initialWeights: String { path + "/initial_weights.json" }

  package func sample(step: Int) -> String { samples + "/" + CheckpointStore.name(step: step) + ".png" }

  /// - Throws: `Failure` of the kind `exists` if there is a run in the folder already, or one that just begins.
  func refuseExistingRun() throws {
    if let holder = RunLock.runningHolder(in: path) { throw RunLock.refusal(path, holder) }
    try refuseContents()
  }

  /// The lock of a new run, with the folder.
  ///
  /// - Throws: `Failure` of the kind `exists` if another process has been faster, `inputOutput`.
  func lockForStarting(_ console: Console) throws -> RunLock {
    try FileWriter.createFolder(path)
    let lock = try RunLock(folder: path) { console.warn($0) }
    try refuseContents()
    try createFolders()
    return lock
  }

  /// The lock of a run that is to go on; removes what a crash may have left half written.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is no such run, `exists` if a process is at it.
  func lockForResuming(_ console: Console) throws -> RunLock {
    try requireRun()
    let lock = try RunLock(folder: path) { console.warn($0) }
    try createFolders()
    for folder in [path, checkpoints, samples] { _ = try FileWriter.sweepTemporaries(in: folder) }
    return lock
  }

  /// - Throws: `Failure` of the kind `missingInput` if there is no folder, or only things in it that no run has written.
  func requireRun() throws {
    let names = try? FileReader.names(in: path)
    // A run may be stopped at any moment from the making of its folder on.
    if let names, names.isEmpty || names.contains(where: Self.isOfRun) { return }
    throw Failure(
      .missingInput,
      sentence: "\(path): expected a run to go on with, found none; leave out \(setting: .resume) to start one.")
  }

  /// Makes the folder and those in it, as far as they are missing.
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

  /// True if a file of this name has something in it that a run has computed or been told.
  private static func holdsRun(_ name: String) -> Bool {
    ["config.json", "metrics.jsonl", "initial_weights.json"].contains(name) || name.hasPrefix("events.out.tfevents.")
  }

  /// True if a run makes a file or folder of this name.
  private static func isOfRun(_ name: String) -> Bool {
    holdsRun(name) || [CheckpointStore.folderName, "samples", RunLock.fileName].contains(name)
  }
}

/// The parameters of a run that sentences speak of.
extension Setting {
  static let directory = Setting("directory")
  static let resume = Setting("resume")
}

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

import Foundation
import InpaintingModels
import Support

/// The folder that a run writes into: its configuration, metrics, checkpoints, samples and events.
package struct RunDirectory: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  var configuration: String { path + "/config.json" }
  var metrics: String { path + "/metrics.jsonl" }
  var checkpoints: String { path + "/" + CheckpointStore.folderName }
  var samples: String { path + "/samples" }
  /// What the run started from, if that was not fresh parameters.
  var initialWeights: String { path + "/initial_weights.json" }

  func sample(step: Int) -> String { samples + "/" + CheckpointStore.name(step: step) + ".png" }

  /// - Throws: `Failure` of the kind `exists` if there is something in the folder already.
  func refuseExistingRun() throws {
    if let names = try? FileReader.names(in: path), !names.isEmpty {
      throw Failure(
        .exists,
        sentence: """
          There is a run in \(path) already: go on with it by adding \(setting: .resume), or name another folder with \
          \(setting: .directory).
          """)
    }
  }

  /// Opens the folder of a run that is to go on, and removes what a crash may have left half written.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is no such folder.
  func openForResuming() throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .missingInput, sentence: "There is no run in \(path) to go on with: leave out \(setting: .resume) to start one."
      )
    }
    try createFolders()
    for folder in [path, checkpoints, samples] { _ = try FileWriter.sweepTemporaries(in: folder) }
  }

  /// Makes the folder and those in it, as far as they are missing.
  func createFolders() throws {
    for folder in [path, checkpoints, samples] { try FileWriter.createFolder(folder) }
  }
}

/// The parameters of a run that sentences speak of.
extension Setting {
  static let directory = Setting("directory")
  static let resume = Setting("resume")
}

import TestSupport
import Testing

@testable import Support
@testable import Training
@testable import train

struct TrainCommandTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.json")
    let text = """
      { "model": { "name": "deepfill_v2" }, "data": {}, "holes": { "kind": "box" }, "training": { "batch_size": 1, "steps": 1 } }
      """
    try FileWriter.writeAtomically(text, to: path)
  }

  /// The configuration of a run, and its notices.
  private func configured(_ arguments: String...) throws -> (configuration: TrainingConfiguration, remarks: [String]) {
    let command = try Train.parse(["--config", path] + arguments)
    return try command.configuration(at: path, directory: RunDirectory(folder.path))
  }

  @Test func `a run that goes on keeps its pictures, and says so, unless others are named`() throws {
    let run = try configured("--data", "photos", "--set", "data.validation=\"val\"").configuration
    #expect(run.data.train == "photos" && run.data.validation == "val")
    try FileWriter.writeAtomically(run.resolved.write(), to: folder.file("config.json"))
    let kept = try configured("--resume")
    #expect(kept.configuration.data.train == "photos" && kept.configuration.data.validation == "val")
    #expect(kept.remarks.map { $0.prefix(29) } == ["data.train is the run's own, ", "data.validation is the run's "])
    let named = try configured("--resume", "--data", "others")
    #expect(named.configuration.data.train == "others" && named.remarks.count == 1)
    #expect(try configured("--resume", "--set", "data.train=\"set\"").configuration.data.train == "set")
    // A new run has no pictures yet.
    #expect(try configured().configuration.data.train == "procedural")
  }
}

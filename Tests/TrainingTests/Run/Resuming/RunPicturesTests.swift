import TestSupport
import Testing

@testable import Support
@testable import Training

struct RunPicturesTests {
  private let folder: TemporaryFolder
  private var directory: RunDirectory { RunDirectory(folder.path) }

  init() throws { folder = try TemporaryFolder() }

  /// What a run that goes on is made of: the configuration, the run's own pictures, and what else is named.
  private func resumed(_ named: JSONValue, _ changes: String...) throws -> (TrainingConfiguration, [String]) {
    let pictures = try #require(RunPictures(of: directory))
    var json = named
    for (key, value) in pictures.values { try JSONOverride(label: "run", path: key, value: value).apply(to: &json) }
    for change in changes { try JSONOverride(parsing: change).apply(to: &json) }
    let configuration = try TrainingConfiguration(json, source: "a.json")
    return (configuration, pictures.remarks(on: configuration, madeOf: named))
  }

  private func small() throws -> JSONValue { try JSONValue(configuration: Array(SmallRun.json.utf8), source: "a.json") }

  @Test func `the run's own are kept, which is said`() throws {
    let run = try SmallRun("data.train=photos", "data.validation=val").configuration
    try FileWriter.writeAtomically(run.resolved.write(pretty: true), to: directory.configuration)
    let (configuration, remarks) = try resumed(small())
    #expect(configuration.data.train == "photos" && configuration.data.validation == "val")
    #expect(
      remarks == [
        #"data.train is the run's own, "photos", and not the configuration's, "procedural""#,
        #"data.validation is the run's own, "val", and not the configuration's, null"#,
      ])
  }

  @Test func `what is named has the last word, and nothing is said of it`() throws {
    let run = try SmallRun("data.train=photos").configuration
    try FileWriter.writeAtomically(run.resolved.write(), to: directory.configuration)
    let (configuration, remarks) = try resumed(small(), "data.train=others")
    #expect(configuration.data.train == "others" && remarks.isEmpty)
  }

  @Test func `where both are the same nothing is said`() throws {
    try FileWriter.writeAtomically(try SmallRun().configuration.resolved.write(), to: directory.configuration)
    let (configuration, remarks) = try resumed(small())
    #expect(configuration.data.train == "procedural" && remarks.isEmpty)
  }

  @Test func `a run without a configuration has none`() throws {
    #expect(RunPictures(of: directory) == nil)
    for text in ["{", "[]", "{}"] {
      try FileWriter.writeAtomically(text, to: directory.configuration)
      #expect(RunPictures(of: directory) == nil)
    }
  }
}

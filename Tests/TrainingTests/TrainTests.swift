import Foundation
import TestSupport
import Testing

@testable import Support
@testable import Training

struct TrainTests {
  private func configuration(_ changes: String...) throws -> TrainingConfiguration {
    try TrainingConfiguration(text: SmallRun.json, changes: changes)
  }

  @Test func `configurations come from text and from files, with changes`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically(SmallRun.json, to: folder.file("small.json"))
    let file = try TrainingConfiguration(path: folder.file("small.json"), changes: ["training.steps=3"])
    #expect(file.training.steps == 3)
    #expect(try configuration("training.steps=3").resolved == file.resolved)
    #expect(failure { _ = try TrainingConfiguration(path: folder.file("none.json")) }?.kind == .missingInput)
    #expect(failure { _ = try TrainingConfiguration(text: "{") }?.kind == .configuration)
    #expect(
      failure { _ = try configuration("training.stepz=3") }?.message
        == "changes training.stepz: `training.stepz` is not a known key; did you mean `steps`?")
    #expect(failure { _ = try configuration("steps") }?.kind == .usage)
  }

  @Test func `a run is trained, never overwritten, and resumed`() throws {
    let folder = try TemporaryFolder()
    let (whole, halves) = (folder.file("whole"), folder.file("halves"))
    #expect(try train(configuration("training.steps=4"), directory: whole, isSilent: true))
    let interruption = Interruption()
    interruption.request()
    #expect(
      try !train(configuration("training.steps=4"), directory: halves, interruption: interruption, isSilent: true))
    let again = failure { try train(configuration(), directory: halves, isSilent: true) }
    #expect(again?.kind == .exists && again?.message.contains("`resume`") == true)
    #expect(try train(configuration("training.steps=4"), directory: halves, resume: true, isSilent: true))
    #expect(try SmallRun.checkpoint(whole, step: 4) == SmallRun.checkpoint(halves, step: 4))
    let both = failure {
      try train(configuration(), directory: halves, resume: true, initialWeights: whole, isSilent: true)
    }
    #expect(both?.kind == .usage)
  }
}

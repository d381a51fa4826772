import Foundation
import Imaging
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

  @Test func `a silent run says nothing of pictures that are left out, nor of a checkpoint that is passed over`()
    async throws
  {
    let folder = try TemporaryFolder()
    let pictures = folder.file("pictures")
    try FileWriter.createFolder(pictures)
    for index in 0..<4 {
      let picture = Picture(width: 40, height: 40, filledWith: [UInt8(index * 20), 200, 90])
      try FileWriter.writeAtomically(picture.pngData(), to: "\(pictures)/\(index).png")
    }
    try FileWriter.writeAtomically("GIF89a", to: pictures + "/5.gif")
    for name in ["a.png", "b.jpg"] { try FileWriter.writeAtomically("damaged", to: pictures + "/" + name) }
    let start = folder.file("start")
    try train(configuration("training.steps=2"), directory: start, isSilent: true)
    try FileWriter.writeAtomically("damaged", to: start + "/checkpoints/step-00000003.safetensors")
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      [path = folder.path as String] in
      _ = try Training.train(
        TrainingConfiguration(
          text: SmallRun.json, changes: ["training.steps=4", "training.batch_size=6", "data.train=\(path)/pictures"]),
        directory: path + "/run", initialWeights: path + "/start", isSilent: true)
    }
    #expect(result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } == "")
    #expect(try FileReader.names(in: folder.file("run/checkpoints")).contains("step-00000004.safetensors"))
  }
}

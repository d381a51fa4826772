import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// DeepFill v1 through the trainer that knows no model.
@Suite(.serialized) struct DeepFillV1RunTests {
  private static let model = #"model={"name":"deepfill_v1","width":2,"critic_width":2}"#
  private static let fast = ["training.critic_updates=2", "optimizers.critic.beta2=0.9"]

  private func run(_ changes: String...) throws -> SmallRun {
    try SmallRun([Self.model] + Self.fast + changes)
  }

  @Test(arguments: [true, false])
  func `a resumed run writes the same checkpoints bit for bit, with another number of threads too`(
    _ shared: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let own = "training.shared_batch=\(shared)"
    try run(own, "training.threads=2").train(in: folder.file("straight"))
    try run(own, "training.steps=3", "training.threads=1").train(in: folder.file("broken"))
    try run(own, "training.threads=2").train(in: folder.file("broken"), resume: .newest)
    for step in [4, 8] {
      #expect(
        try SmallRun.checkpoint(folder.file("straight"), step: step)
          == SmallRun.checkpoint(folder.file("broken"), step: step))
    }
  }

  @Test func `metrics have every term once`() throws {
    let folder = try TemporaryFolder()
    try run("training.steps=1", "training.validate_every=0").train(in: folder.file("run"))
    let line = Array(try folder.text(of: "run/metrics.jsonl").utf8)
    let metrics = try JSONValue(parsing: line, as: .strict, source: "metrics", kind: .data)
    #expect(
      metrics.members?.map(\.key) == [
        "step", "seconds", "images_per_second", "data_wait_seconds", "critic", "local_distance", "global_distance",
        "local_penalty", "global_penalty", "generator", "adversarial", "coarse", "coarse_known", "refined",
        "refined_known",
      ])
  }

  @Test func `the first stage is trained alone, and the rest goes on from there`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try run("training.pretrain_coarse=true", "training.steps=4").train(in: path)
    try run().train(in: path, resume: .newest)
    func weights(_ name: String, step: Int) throws -> [Scalar] {
      try SmallWeights.tensor(name, of: path + "/checkpoints/step-0000000\(step).safetensors")
    }
    let names = ["generator.coarse.conv17.bias", "generator.refinement.allconv17.bias", "critic.local.conv1.bias"]
    let changed = try names.map { try weights($0, step: 2) != weights($0, step: 4) }
    #expect(changed == [true, false, false])
    #expect(try names.map { try weights($0, step: 4) != weights($0, step: 8) } == [true, true, true])
  }

  @Test func `a run can start from the weights of another, and from their conversion`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try run("training.steps=2").train(in: path)
    let run = try LoadedModel(path: path, usesAverage: false)
    #expect(run.name == "deepfill_v1" && run.networks == ["generator", "critic"])
    for layout in ["kintsugi", "daa233", "tensorflow-v1"] {
      let file = folder.file(layout + ".safetensors")
      try WeightConversion(run, to: layout, colorOrder: .rgb, generatorOnly: false).write(to: file)
      let converted = try LoadedModel(path: file)
      #expect(converted.hash == run.hash, "\(layout)")
      try self.run("training.steps=1").train(in: folder.file("from-" + layout), initialWeights: converted)
    }
  }

  @Test func `pictures that the critics cannot halve four times are refused`() throws {
    let failure = failure { _ = try run("data.size=40") }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains("data.size") == true)
  }

  @Test func `a dry run counts the parameters of both networks`() throws {
    let folder = try TemporaryFolder()
    let lines = try DryRun(run().configuration, directory: RunDirectory(folder.file("run"))).lines
    #expect(lines.contains { $0.hasPrefix("  generator: ") } && lines.contains { $0.hasPrefix("  critic: ") })
  }

  @Test(arguments: ["deepfill_v1.json", "deepfill_v1_quickstart.json"])
  func `the configurations are those of a DeepFill v1`(_ name: String) throws {
    let path = try ConfigurationFile.locate(name)
    let json = try JSONValue(
      parsing: FileReader.read(path), as: .configuration, source: path, kind: .configuration)
    let configuration = try TrainingConfiguration(json, source: path)
    let model = try #require(configuration.model as? DeepFillV1Configuration)
    #expect((model == DeepFillV1Configuration()) == (name == "deepfill_v1.json"))
  }
}

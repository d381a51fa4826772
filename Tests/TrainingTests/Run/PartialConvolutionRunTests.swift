import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Runs of a small network of partial convolutions.
@Suite struct PartialConvolutionRunTests {
  private func run(_ changes: String...) throws -> SmallRun {
    try run(changes)
  }

  private func run(_ changes: [String]) throws -> SmallRun {
    try SmallRun(
      [
        #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#, #"optimizers={}"#,
        #"losses={"perceptual": 0, "style": 0}"#, "training.average_decay=null",
      ] + changes)
  }

  private func values(_ folder: String, step: Int, _ name: String) throws -> [Scalar] {
    try WeightFile(path: folder + "/checkpoints/" + CheckpointStore.name(step: step) + ".safetensors").tensor(name)
      .elements
  }

  @Test func `a run that was stopped goes on bit for bit, with its running statistics`() throws {
    let folder = try TemporaryFolder()
    let (straight, resumed) = (folder.file("straight"), folder.file("resumed"))
    try run("training.steps=4").train(in: straight)
    try run("training.steps=2").train(in: resumed)
    try run("training.steps=4").train(in: resumed, resume: .newest)
    let isSame = try SmallRun.checkpoint(straight, step: 4) == SmallRun.checkpoint(resumed, step: 4)
    #expect(isSame)
    let name = "generator.encoder.1.normalization.runningMean"
    let (early, late) = (try values(straight, step: 2, name), try values(straight, step: 4, name))
    #expect(early != late && early.contains { $0 != 0 })
  }

  @Test func `the second phase is refused without the first`() throws {
    let folder = try TemporaryFolder()
    #expect {
      _ = try run("training.phase=2").train(in: folder.file("run"))
    } throws: {
      ($0 as? Failure)?.kind == .configuration && "\($0)".contains("`initialWeights`")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func `the second phase starts from the first and leaves the encoder's statistics alone`() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (folder.file("first"), folder.file("second"))
    try run("training.steps=2").train(in: first)
    let next = try run("training.steps=2", "training.phase=2", "training.frozen=everything")
    #expect(next.configuration.optimizers[0].schedule.base == 5e-5)
    try next.train(in: second, initialWeights: LoadedModel(path: first))
    for (name, isFrozen) in [
      ("encoder.1.normalization.runningVariance", true), ("encoder.1.normalization.runningMean", true),
      ("encoder.1.normalization.weight", true), ("decoder.1.normalization.runningMean", false),
      ("decoder.1.normalization.weight", false), ("encoder.1.convolution.weight", false),
    ] {
      let before = try values(first, step: 2, "generator." + name)
      let after = try values(second, step: 2, "generator." + name)
      #expect(areIdentical(before, after) == isFrozen, "\(name)")
    }
  }

  @Test func `features without weights are a fault of the configuration wherever there would be training`() throws {
    let folder = try TemporaryFolder()
    let configuration = try run("losses={}").configuration
    let directory = RunDirectory(folder.file("run"))
    let failures = [
      failure { _ = try DryRun(configuration, directory: directory) },
      failure { _ = try MemoryEstimate(configuration) },
      failure { _ = try TrainingRun(configuration, directory: directory, console: .silent) },
    ]
    #expect(failures.map { $0?.kind } == [.configuration, .configuration, .configuration])
    #expect(folder.names.isEmpty)
  }

  @Test func `features are compared, and neither trained nor saved`() throws {
    let folder = try TemporaryFolder()
    let weights = folder.file("vgg16.safetensors")
    let shapes = [(0, 3, 1), (2, 1, 1), (5, 1, 2), (7, 2, 2), (10, 2, 4), (12, 4, 4), (14, 4, 4)]
    try SafeTensorsWriter.write(
      shapes.flatMap { layer, inputs, outputs in
        [
          ("features.\(layer).weight", [outputs, inputs, 3, 3], wave(outputs * inputs * 9)),
          ("features.\(layer).bias", [outputs], wave(outputs)),
        ]
      }, to: weights)
    let path = folder.file("run")
    try run("training.steps=2", #"losses={"features": {"weights": "\#(weights)"}}"#).train(in: path)
    let names = try WeightFile(path: path + "/checkpoints/latest").names
    #expect(!names.isEmpty && !names.contains { $0.contains("features") || $0.contains("blocks") })
    let last = try folder.text(of: "run/metrics.jsonl").split(separator: "\n").last ?? ""
    for term in ["perceptual", "style_output", "style_completed"] { #expect(last.contains("\"\(term)\"")) }
  }

  @Test func `a picture's size must be a multiple of what the levels make it`() throws {
    let failure = failure { _ = try run("model.levels=5", "data.size=48") }
    #expect(failure?.kind == .configuration && failure?.message.contains("multiple of 32") == true)
  }

  @Test func `the loss goes down on built-in pictures`() throws {
    let folder = try TemporaryFolder()
    try run(
      "training.steps=80", "training.validate_every=0", "training.sample_every=0", "training.checkpoint_every=0",
      "optimizers.generator.learning_rate=5e-3", "optimizers.generator.beta1=0.9"
    ).train(in: folder.file("run"))
    let losses = try folder.text(of: "run/metrics.jsonl").split(separator: "\n").map { line -> Double in
      let json = try JSONValue(parsing: Array(line.utf8), as: .strict, source: "metrics", kind: .data)
      guard case .number(let number)? = json["generator"]?.content else { return .nan }
      return number.real
    }
    let first: Double = losses.prefix(20).reduce(0, +)
    let last: Double = losses.suffix(20).reduce(0, +)
    #expect(last < 0.6 * first)
  }
}

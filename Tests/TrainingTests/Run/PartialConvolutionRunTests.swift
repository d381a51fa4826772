import Foundation
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
    #expect(next.configuration.phases[0].optimizers[0].schedule.base == 5e-5)
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

  private static let phases = [
    #"training.phases=[{"phase": "training", "steps": 3}, {"phase": "fine_tuning", "steps": 4}]"#, "training.steps=7",
    "training.checkpoint_every=1", "training.average_decay=0.9", "training.keep_best=psnr", "training.validate_every=2",
    "optimizers.generator.learning_rate=1e-3",
  ]

  /// One step before the second phase, between the two, one after, and later.
  @Test func `a run of two phases goes on bit for bit wherever it was stopped`() throws {
    let folder = try TemporaryFolder()
    let straight = folder.file("straight")
    try run(Self.phases).train(in: straight)
    for stop in [2, 3, 4, 5] {
      let resumed = folder.file("stopped after \(stop)")
      try FileManager.default.copyItem(atPath: straight, toPath: resumed)
      let checkpoint = resumed + "/checkpoints/" + CheckpointStore.name(step: stop) + ".safetensors"
      try run(Self.phases).train(in: resumed, resume: .file(checkpoint))
      for step in stop + 1...7 {
        #expect(
          try SmallRun.checkpoint(resumed, step: step) == SmallRun.checkpoint(straight, step: step), "\(stop), \(step)")
      }
    }
    // The phases are two: with the first alone, the last steps are others.
    let single = folder.file("single")
    try run(Array(Self.phases.dropFirst())).train(in: single)
    let name = "generator.decoder.0.convolution.bias"
    #expect(try areIdentical(values(single, step: 3, name), values(straight, step: 3, name)))
    #expect(try !areIdentical(values(single, step: 4, name), values(straight, step: 4, name)))
  }

  @Test func `a run of one phase goes on into another, as though it had been planned`() throws {
    let folder = try TemporaryFolder()
    let (straight, longer) = (folder.file("straight"), folder.file("longer"))
    try run(Self.phases).train(in: straight)
    try run(Array(Self.phases.dropFirst()) + ["training.steps=3"]).train(in: longer)
    try run(Self.phases).train(in: longer, resume: .newest)
    for step in 4...7 {
      #expect(try SmallRun.checkpoint(longer, step: step) == SmallRun.checkpoint(straight, step: step))
    }
  }

  @Test func `fine-tuning in one run leaves the encoder's statistics as training left them`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let training = try TrainingRun(
      run(Self.phases).configuration, directory: RunDirectory(path), console: .silent)
    #expect(try training.run() == .finished)
    #expect(training.summary.first == "step: 7 (fine_tuning)")
    for (name, isFrozen) in [
      ("encoder.1.normalization.runningVariance", true), ("encoder.2.normalization.runningMean", true),
      ("encoder.1.normalization.weight", true), ("decoder.1.normalization.runningMean", false),
      ("encoder.1.convolution.weight", false),
    ] {
      let values = try [3, 7].map { try self.values(path, step: $0, "generator." + name) }
      #expect(areIdentical(values[0], values[1]) == isFrozen, "\(name)")
      #expect(try !areIdentical(self.values(path, step: 1, "generator." + name), values[0]), "\(name)")
    }
    let phases = try folder.text(of: "run/metrics.jsonl").split(separator: "\n").map { line -> String in
      let json = try JSONValue(parsing: Array(line.utf8), as: .strict, source: "metrics", kind: .data)
      guard case .string(let phase)? = json["phase"]?.content else { return "none" }
      return phase
    }
    #expect(phases == Array(repeating: "training", count: 3) + Array(repeating: "fine_tuning", count: 4))
  }

  @Test func `phases that have begun cannot become others`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try run(Self.phases).train(in: path)
    let other = #"training.phases=[{"phase": "training", "steps": 5}, {"phase": "fine_tuning", "steps": 2}]"#
    let failure = failure { try run(Self.phases + [other]).train(in: path, resume: .newest) }
    #expect(failure?.kind == .configuration)
    #expect(
      failure?.message
        == "\(path)/checkpoints/step-00000007.safetensors: expected the phases training from step 1, fine_tuning from step "
        + "4, which reached step 7, found training from step 1, fine_tuning from step 6; name the "
        + "phases as they were, or start a new run with another `directory`.")
    // The last one may end later.
    let longer = #"training.phases=[{"phase": "training", "steps": 3}, {"phase": "fine_tuning", "steps": 6}]"#
    #expect(try run(Self.phases + [longer, "training.steps=9"]).train(in: path, resume: .newest) == .finished)
  }

  @Test func `fine-tuning as a run's first phase is refused without weights`() throws {
    let folder = try TemporaryFolder()
    let alone = #"training.phases=[{"phase": "fine_tuning", "steps": 4}]"#
    let failure = failure { try run(alone, "training.steps=4").train(in: folder.file("run")) }
    #expect(failure?.kind == .configuration && failure?.message.contains("`initialWeights`") == true)
    #expect(folder.names.isEmpty)
    try run("training.steps=1").train(in: folder.file("first"))
    let next = try run(alone, "training.steps=4")
    #expect(
      try next.train(in: folder.file("run"), initialWeights: LoadedModel(path: folder.file("first"))) == .finished)
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

import Foundation
import Imaging
import InpaintingData
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// Semantic guidance through the trainer that knows no model.
@Suite(.serialized) struct SemanticGuidanceRunTests {
  private static let model =
    #"model={"name":"semantic_guidance","width":4,"discriminator_width":2,"classes":"procedural","stages":1}"#

  private func run(_ changes: String...) throws -> SmallRun {
    try SmallRun([Self.model, "data.labels={}"] + changes)
  }

  @Test(arguments: [1, 2])
  func `a resumed run writes the same checkpoints bit for bit, with another number of threads too`(
    _ leaves: Int
  ) throws {
    let folder = try TemporaryFolder()
    let own = "training.leaves=\(leaves)"
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
        "step", "seconds", "images_per_second", "data_wait_seconds", "discriminator", "real_score", "fake_score",
        "generator", "hole", "known", "adversarial", "segmentation",
      ])
  }

  private static let phases = [
    #"model={"name":"semantic_guidance","width":4,"discriminator_width":2,"classes":"procedural","spade_hidden":3,"decoder_discriminator_width":2}"#,
    #"training.phases=[{"phase":"first_stage","steps":2},{"phase":"second_stage","steps":3},{"phase":"joint","steps":1}]"#,
    "training.steps=6", "training.checkpoint_every=1", "training.average_decay=0.9", "training.validate_every=2",
    "data.labels={}",
  ]

  /// In the midst of each phase, and between them.
  @Test(arguments: [1, 2])
  func `a run of all phases goes on bit for bit wherever it was stopped`(_ leaves: Int) throws {
    let folder = try TemporaryFolder()
    let straight = folder.file("straight")
    func run(threads: Int) throws -> SmallRun {
      try SmallRun(Self.phases + ["training.threads=\(threads)", "training.leaves=\(leaves)"])
    }
    try run(threads: 2).train(in: straight)
    for stop in [1, 2, 3, 5] {
      let resumed = folder.file("stopped after \(stop)")
      try FileManager.default.copyItem(atPath: straight, toPath: resumed)
      let checkpoint = resumed + "/checkpoints/" + CheckpointStore.name(step: stop) + ".safetensors"
      try run(threads: 1).train(in: resumed, resume: .file(checkpoint))
      for step in [stop + 1, 6] {
        #expect(
          try SmallRun.checkpoint(resumed, step: step) == SmallRun.checkpoint(straight, step: step), "\(stop), \(step)")
      }
    }
  }

  @Test func `the second stage learns while the first stays as its average was, and fills from then on`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try SmallRun(Self.phases).train(in: path)
    func values(_ step: Int, _ name: String) throws -> [Scalar] {
      let file = try WeightFile(path: path + "/checkpoints/" + CheckpointStore.name(step: step) + ".safetensors")
      return try file.tensor(name).elements
    }
    let first = "coarse.conv1.weight"
    #expect(try areIdentical(values(2, "average.generator." + first), values(3, "generator." + first)))
    #expect(try areIdentical(values(3, "generator." + first), values(5, "generator." + first)))
    #expect(try !areIdentical(values(5, "generator." + first), values(6, "generator." + first)))
    let second = "decoder.block1.conv0.weight"
    #expect(
      try areIdentical(values(1, second), values(2, second)) && !areIdentical(values(2, second), values(3, second)))
    // What has learned nothing yet fills nothing.
    let example = try #require(try TrainingData.small(Self.phases).first)
    for (step, stages) in [(1, ["coarse"]), (2, ["coarse"]), (3, ["coarse", "fine"]), (6, ["coarse", "fine"])] {
      let loaded = try LoadedModel(path: path + "/checkpoints/" + CheckpointStore.name(step: step) + ".safetensors")
      #expect(loaded.model.fill([example]).stages.map(\.name) == stages, "\(step)")
      #expect(loaded.model.requestedClasses == (stages.count == 1 ? nil : .procedural))
    }
  }

  @Test(arguments: [[], [#"training.phases=[{"phase":"first_stage","steps":6}]"#]])
  func `a run of the first stage alone fills by it, whether it is named or not`(_ phases: [String]) throws {
    let folder = try TemporaryFolder()
    let settings = Self.phases.filter { !$0.hasPrefix("training.phases") } + phases
    try SmallRun(settings).train(in: folder.file("run"))
    let model = try LoadedModel(path: folder.file("run")).model
    let example = try #require(try TrainingData.small(settings).first)
    #expect(model.fill([example]).stages.map(\.name) == ["coarse"] && model.requestedClasses == nil)
  }

  @Test func `labels are needed, of the model's classes`() throws {
    let folder = try TemporaryFolder()
    for (run, found) in [
      (try SmallRun(Self.model), "none"), (try run(#"data.labels={"classes":"camvid","path":"x"}"#), "camvid"),
    ] {
      let refused = failure { try run.train(in: folder.file("run")) }
      #expect(refused?.kind == .configuration && refused?.message.hasPrefix("`data.labels") == true)
      #expect(refused?.message.contains(found) == true)
      #expect(failure { _ = try DryRun(run.configuration, directory: RunDirectory("x"), console: .silent) } == refused)
    }
    let unlabeled = try SmallRun(#"model={"name":"semantic_guidance","width":4,"discriminator_width":2}"#)
    try unlabeled.train(in: folder.file("unlabeled"))
  }

  @Test func `weights go into the authors' layout without the label head, and a run can start from them`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    try run("training.steps=2").train(in: path)
    let trained = try LoadedModel(path: path, usesAverage: false)
    #expect(trained.name == "semantic_guidance" && trained.networks == ["generator", "discriminator"])
    let file = folder.file("goodryu.safetensors")
    let conversion = try WeightConversion(trained, to: "goodryu")
    #expect(
      conversion.warnings == [
        "the authors' Interactive-Image-Inpainting has no discriminator and generator.labelHead: left out."
      ])
    #expect(conversion.description.hasSuffix("41 tensors of generator"))
    try conversion.write(to: file)
    let converted = try LoadedModel(path: file)
    #expect(converted.networks == ["generator"] && converted.plan.layout.name == "goodryu")
    for name in ["generator.coarse.conv12.weight", "generator.attention.layers.0.block.context.weight"] {
      #expect(converted.values(name) == trained.values(name))
    }
    try run("training.steps=1").train(in: folder.file("started"), initialWeights: converted)
  }

  @Test func `a sheet shows the labels and what is predicted of them`() throws {
    let configuration = try run().configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    let validation = try #require(try data.validation { _ in })
    let model = configuration.model.makeModel(seed: 0)
    let sheet = try SampleSheet(validation).picture(of: model)
    // Original, hole, labels, coarse, predicted labels, completed, patches; 4 pixels between.
    #expect(sheet.width == 7 * 36 + 4)
    func cell(_ column: Int) -> Picture {
      sheet.cropped(to: PixelRectangle(x: 4 + column * 36, y: 4, width: 32, height: 32))
    }
    let labels = try #require(validation.examples[0].conditions[.labels(.procedural)] as? LabelMap)
    #expect(cell(2) == labels.colors)
    let predicted = try #require(model.labelMaps(of: model.fill(validation.pictures[0])))
    #expect(cell(4) == predicted[0].colors && predicted[0] != labels)
  }

  @Test func `a dry run counts the parameters of the published networks`() throws {
    let path = try ConfigurationFile.locate("semantic_guidance.json")
    let json = try JSONValue(
      parsing: FileReader.read(path), as: .configuration, source: path, kind: .configuration)
    let configuration = try TrainingConfiguration(json, source: path)
    let model = try #require(configuration.model as? SemanticGuidanceConfiguration)
    var published = SemanticGuidanceConfiguration()
    published.classes = .procedural
    published.decoder = .init()
    #expect(model == published)
    #expect(configuration.phases.map(\.name) == ["first_stage", "second_stage"])
  }
}

extension TrainingData {
  /// The examples that a small run validates on.
  fileprivate static func small(_ changes: [String]) throws -> [Example] {
    let configuration = try SmallRun(changes).configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    return try data.validation { _ in }?.examples ?? []
  }
}

import Imaging
import InpaintingData
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

/// The first stage of semantic guidance through the trainer that knows no model.
@Suite(.serialized) struct SemanticGuidanceRunTests {
  private static let model =
    #"model={"name":"semantic_guidance","width":4,"discriminator_width":2,"classes":"procedural"}"#

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
    let sheet = SampleSheet(validation).picture(of: model)
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
    #expect(model == published)
  }
}

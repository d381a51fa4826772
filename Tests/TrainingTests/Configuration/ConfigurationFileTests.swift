import Foundation
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct ConfigurationFileTests {
  static let configurations = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Configs").path

  @Test func `a path is taken as it is, and a missing one is an error that names it`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("{}", to: folder.file("mine.json"))
    #expect(try ConfigurationFile.locate(folder.file("mine.json")) == folder.file("mine.json"))
    #expect(try ConfigurationFile.locate(folder.file("mine")) == folder.file("mine.json"))
    let failure = failure { _ = try ConfigurationFile.locate(folder.file("other")) }
    #expect(failure?.kind == .missingInput && failure?.message.contains("other") == true)
  }

  @Test func `every configuration of the package can be read`() throws {
    let names = try FileReader.names(in: Self.configurations).filter { $0.hasSuffix(".json") }
    #expect(names.contains("deepfill_v2.json") && names.contains("quickstart.json"))
    for name in names {
      let path = Self.configurations + "/" + name
      _ = try TrainingConfiguration(JSONValue(configurationAt: path), source: path)
    }
  }

  /// Names of the package's configurations.
  static let shipped = ((try? FileReader.names(in: configurations)) ?? []).filter { $0.hasSuffix(".json") }

  @Test(arguments: shipped) func `every configuration of the package takes pictures of 64x64`(name: String) throws {
    let path = Self.configurations + "/" + name
    var json = try JSONValue(configurationAt: path)
    // Few channels, which have nothing to do with the size.
    var changes = ["data.size=64", "model.width=8"]
    switch json["model"]?["name"] {
    case "deepfill_v2": changes.append("model.discriminator_width=8")
    case "semantic_guidance":
      changes.append("model.discriminator_width=8")
      // Built-in pictures have their own classes.
      if name == "semantic_guidance_fast.json" {
        changes += ["model.classes=procedural", "data.labels.classes=procedural"]
      }
    case "coherence_priors":
      changes.append("model.discriminator_width=8")
      if name == "coherence_priors.json" {
        changes += ["model.classes=procedural", "data.labels.classes=procedural"]
      }
    case "deepfill_v1": changes += ["model.critic_width=8", "training.critic_updates=1"]
    // The features of VGG16 are no part of the package, at any size.
    default: changes += ["losses.perceptual=0", "losses.style=0"]
    }
    for change in changes { try JSONOverride(parsing: change).apply(to: &json) }
    let configuration = try TrainingConfiguration(json, source: path)
    let lines = try DryRun(configuration, directory: RunDirectory("run"), console: .silent).lines
    #expect(lines.contains { $0.hasPrefix("data: ") && $0.hasSuffix("at 64x64") })
    // A hole that leaves something to fill and something to fill it from, and no box in its place.
    let generator = try configuration.holes.shapes.generator(pictureSize: 64)
    for step in 0..<50 {
      var stream = RandomStream(seed: 1, purpose: "test", step: step)
      #expect(try generator.hole(width: 64, height: 64, using: &stream) != nil)
    }
  }

  @Test func `holes of the package's configurations have the published lengths at the published sizes`() throws {
    let lengths = [
      "deepfill_v1.json": [#""height":128,"width":128"#, #""max_delta_height":32,"max_delta_width":32"#],
      "deepfill_v2.json": [
        #""brush_width":[12,39]"#, #""height":128,"width":128"#, #""max_delta_height":32,"max_delta_width":32"#,
      ],
      "deepfill_v2_guided.json": [
        #""brush_width":[12,39]"#, #""height":128,"width":128"#, #""max_delta_height":32,"max_delta_width":32"#,
      ],
      "deepfill_v2_guided_quickstart.json": [#""brush_width":[4,12]"#],
      "partial_convolution.json": [#""length":[10,80]"#, #""brush_width":[8,40]"#],
      "deepfill_v2_fast.json": [#""brush_width":[4,10]"#],
      "deepfill_v2_texture.json": [#""brush_width":[4,10]"#],
      "quickstart.json": [#""brush_width":[1,2]"#],
      "semantic_guidance.json": [
        #""brush_width":[12,39]"#, #""height":128,"width":128"#, #""max_delta_height":32,"max_delta_width":32"#,
      ],
      "semantic_guidance_quickstart.json": [#""brush_width":[4,12]"#],
      "semantic_guidance_fast.json": [
        #""brush_width":[8,24]"#, #""height":48,"width":48"#, #""max_delta_height":16,"max_delta_width":16"#,
      ],
      "coherence_priors.json": [
        #""brush_width":[12,39]"#, #""height":128,"width":128"#, #""max_delta_height":32,"max_delta_width":32"#,
      ],
      "coherence_priors_quickstart.json": [#""brush_width":[4,12]"#],
      "deepfill_v1_quickstart.json": [#""brush_width":[2,4]"#],
      "partial_convolution_quickstart.json": [#""brush_width":[2,4]"#],
      "attention_comparison.json": [
        #""brush_width":[3,8]"#, #""height":20,"width":20"#, #""max_delta_height":6,"max_delta_width":6"#,
      ],
    ]
    #expect(lengths.keys.sorted() == Self.shipped)
    for (name, texts) in lengths {
      let path = Self.configurations + "/" + name
      let resolved = try TrainingConfiguration(JSONValue(configurationAt: path), source: path).resolved
      let holes = resolved["holes"]?.write() ?? ""
      for text in texts { #expect(holes.contains(text), "\(name): \(holes)") }
    }
    let path = Self.configurations + "/partial_convolution.json"
    #expect(
      try TrainingConfiguration(JSONValue(configurationAt: path), source: path).resolved["model"]?["levels"] == 7)
  }

  @Test func `the published partial convolutions have both phases in one run`() throws {
    let path = Self.configurations + "/partial_convolution.json"
    let json = try JSONValue(configurationAt: path)
    let configuration = try TrainingConfiguration(json, source: path)
    #expect(configuration.phases.map(\.name) == ["training", "fine_tuning"])
    #expect(configuration.phases.map(\.steps) == [0..<500_000, 500_000..<1_000_000])
    #expect(configuration.phases.map { $0.optimizers[0].schedule.base } == [2e-4, 5e-5])
    #expect(configuration.phases.allSatisfy { $0.optimizers[0].beta1 == 0.9 })
    var first = json
    for change in ["training.phases=null", "training.steps=7"] { try JSONOverride(parsing: change).apply(to: &first) }
    #expect(try TrainingConfiguration(first, source: path).phases.map(\.steps) == [0..<7])
  }

  @Test func `the published DeepFill v2 has the published values`() throws {
    let path = Self.configurations + "/deepfill_v2.json"
    let configuration = try TrainingConfiguration(JSONValue(configurationAt: path), source: path)
    #expect(configuration.training.batchSize == 16 && configuration.data.size == 256)
    #expect(configuration.resolved["model"]?["width"] == 48)
    #expect(configuration.phases[0].optimizers.allSatisfy { $0.beta1 == 0.5 && $0.beta2 == 0.999 })
  }
}

@Suite struct ConfigurationChangesTests {
  static let old: JSONValue = ["a": ["b": 1, "c": [1, 2]], "gone": true]

  @Test func `changes are named by their key paths in the newer order`() {
    let new: JSONValue = ["new": "x", "a": ["c": [1, 3], "b": 1]]
    #expect(
      Self.old.differences(from: new).map(\.description) == [
        "new was not set and is \"x\"", "a.c was [1,2] and is [1,3]", "gone was true and is not set",
      ])
  }

  @Test func `arrays of objects are compared element by element`() {
    let old: JSONValue = ["list": [["x": 1, "y": 2], ["x": 3]]]
    let new: JSONValue = ["list": [["x": 1, "y": 5]]]
    #expect(
      old.differences(from: new).map(\.description) == [
        "list[0].y was 2 and is 5", #"list[1] was {"x":3} and is not set"#,
      ])
    #expect(new.differences(from: old).last?.description == #"list[1] was not set and is {"x":3}"#)
  }

  @Test func `the order of keys is no change`() {
    #expect(Self.old.differences(from: ["gone": true, "a": ["c": [1, 2], "b": 1]]).isEmpty)
  }

  @Test func `key paths are removed at any depth`() {
    #expect(Self.old.removing([["a", "b"], ["gone"], ["absent", "x"]]) == ["a": ["c": [1, 2]]])
    let list: JSONValue = ["list": [["x": 1, "y": 2], ["x": 3, "y": 4]]]
    #expect(list.removing([["list", "1", "x"]]) == ["list": [["x": 1, "y": 2], ["y": 4]]])
  }
}

import Imaging
import InpaintingData
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct SemanticGuidanceConfigurationTests {
  private func read(
    _ model: JSONValue = [:], losses: JSONValue = [:], training: JSONValue = [:], pictureSize: Int? = nil
  ) throws -> SemanticGuidanceConfiguration {
    let root = try JSONReader(["model": model, "losses": losses, "training": training], source: "test.json")
    let configuration = try SemanticGuidanceConfiguration(
      model: root.object("model"), losses: root.object("losses"), training: root.object("training"),
      pictureSize: pictureSize)
    try root.finish()
    return configuration
  }

  @Test func `defaults are the published network, for pictures of 256x256`() throws {
    #expect(try read() == SemanticGuidanceConfiguration())
    #expect(try read().conditions.isEmpty)
    #expect(try read(pictureSize: 64) == SemanticGuidanceConfiguration().resized(toPictures: 64))
  }

  @Test func `every key is read`() throws {
    let configuration = try read(
      [
        "width": 8, "discriminator_width": 4, "output": "tanh", "initialization": "variance_preserving",
        "attention": [], "classes": "camvid", "picture_size": 128, "stages": 2, "spade_hidden": 6,
        "spade_norm": "batch",
        "decoder_discriminator_width": 3,
      ],
      losses: [
        "hole": 5, "known": 2, "adversarial": 0.01, "adversarial_loss": "lsgan", "segmentation": 3,
        "class_weights": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5], "fine": 2, "decoder_adversarial": 0.5,
        "feature_matching": 4, "label_consistency": 6, "perceptual": 3,
        "features": ["network": "alex", "weights": "alex.pth"],
      ], training: ["predicted_labels": 0.4, "edited_labels": 0.25])
    #expect(configuration.width == 8 && configuration.discriminatorWidth == 4 && configuration.output == .tanh)
    #expect(configuration.initialization == .variancePreserving && configuration.attention.isEmpty)
    #expect(configuration.classes?.name == "camvid" && configuration.pictureSize == 128)
    let losses = configuration.losses
    #expect(losses.hole == 5 && losses.known == 2 && losses.adversarial == 0.01 && losses.segmentation == 3)
    #expect(losses.adversarialLoss == .leastSquares && losses.classWeights?.last == 0.5)
    let decoder = try #require(configuration.decoder)
    #expect(decoder.hidden == 6 && decoder.norm == .batch && decoder.discriminatorWidth == 3)
    #expect(
      decoder.predictedLabels == 0.4 && decoder.editedLabels == 0.25 && decoder.losses.fine == 2
        && decoder.losses.adversarial == 0.5)
    #expect(decoder.losses.featureMatching == 4 && decoder.losses.perceptual == 3)
    #expect(decoder.losses.labelConsistency == 6)
    #expect(decoder.features.weights == "alex.pth")
    #expect(configuration.conditions.map(\.channels) == [11, 11])
    #expect(
      configuration.networkNames.count == 4
        && configuration.phases.map(\.name) == ["first_stage", "second_stage", "joint"])
  }

  @Test func `what cannot be meant is refused`() {
    func said(_ model: JSONValue, losses: JSONValue = [:], pictureSize: Int? = nil) -> String {
      let failure = #expect(throws: Failure.self) { try read(model, losses: losses, pictureSize: pictureSize) }
      return failure?.message ?? ""
    }
    #expect(said(["width": 3]).contains("`width`: expected an even number, found 3"))
    #expect(said(["picture_size": 64], pictureSize: 128).contains("`picture_size`: expected `data.size`, which is 128"))
    #expect(said([:], pictureSize: 16).contains("(`data.size`) of 32 pixels or more, found 16"))
    #expect(said(["classes": "camvit"]).contains("did you mean \"camvid\"?"))
    #expect(said([:], losses: ["segmentation": 1]).contains("`losses.segmentation` is not a known key"))
    let weights: JSONValue = ["class_weights": [1, 2]]
    #expect(
      said(["classes": "camvid"], losses: weights)
        .contains(
          "`losses.class_weights`: expected a number for each of the 11 classes of camvid, one of them above 0, "))
    #expect(
      said(["attention": [["at": "skip", "kind": "eca"]]]).contains("\"parallel\""))
    #expect(
      said(["stages": 2]).contains(
        "`stages`: 2 has a second stage, which fills by labels, expected `classes`, found none"))
    #expect(said(["classes": "camvid", "stages": 1], losses: ["fine": 1]).contains("`losses.fine` is not a known key"))
  }

  @Test func `classes of a file are written down whole, so that weights need no file`() throws {
    let folder = try TemporaryFolder()
    let text = #"""
      {"classes": [{"name": "l_eye", "color": [1, 2, 3]}, {"name": "r_eye", "color": [4, 5, 6]}], "first_id": 1, "ignore": 0,
       "pairs": [["l_eye", "r_eye"]], "remap": {"9": "r_eye", "8": "ignore"}}
      """#
    try FileWriter.writeAtomically(text, to: folder.file("eyes.json"))
    let list = try LabelClasses(folder.file("eyes.json"))
    func classes(_ value: JSONValue) throws -> (list: LabelClasses?, resolved: JSONValue) {
      let root = try JSONReader(["model": ["classes": value]], source: "test.json")
      let section = try root.object("model")
      let configuration = try SemanticGuidanceConfiguration(
        model: section, losses: root.object("losses"), training: root.object("training"))
      try root.finish()
      return (configuration.classes, try #require(section.resolved["classes"]))
    }
    let named = try classes(JSONValue(folder.file("eyes.json")))
    let again = try classes(named.resolved)
    #expect(named.list == list && again.list == list)
    #expect(named.resolved == list.json && again.resolved == named.resolved)
    #expect(try classes("camvid").resolved == "camvid")
  }

  @Test func `labels must be those of the model's classes`() throws {
    func failure(_ labels: JSONValue?, _ model: JSONValue) throws -> String? {
      let data = labels.map { JSONValue([("labels", $0)]) } ?? [:]
      let given = try ConditionRegistry.read(JSONReader(data, source: "test.json"))
      do {
        try read(model).requireConditions(given)
        return nil
      } catch let failure as Failure {
        #expect(failure.kind == .configuration)
        return failure.message
      }
    }
    #expect(try failure([:], ["classes": "procedural"]) == nil && failure(nil, [:]) == nil)
    #expect(
      try failure(nil, ["classes": "camvid"])
        == "`data.labels`: the network learns the classes of `model.classes`, expected label maps of camvid, found "
        + "none; without `model.classes` the model is trained without labels.")
    #expect(
      try failure([:], ["classes": "camvid"])
        == "`data.labels.classes`: expected the classes of `model.classes`, camvid, found those of procedural.")
  }
}

import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct SemanticGuidanceWeightLayoutsTests {
  private let layout = SemanticGuidanceConfiguration.weightLayouts[0]

  @Test func `every parameter of the published generator has a name, in order, and none twice`() {
    let model = tinySemanticGuidance { $0.classes = nil }
    let network = layout.networks[0]
    #expect(network.tensors.map(\.own) == model.generator.namedParameters.map(\.name))
    #expect(Set(network.tensors.map(\.foreign)).count == network.tensors.count)
  }

  @Test(arguments: [
    ("coarse.conv4.weight", "conv4_downsample.conv.weight"), ("coarse.conv9.bias", "conv9_atrous.conv.bias"),
    ("coarse.conv13.weight", "conv13.conv.weight"),
    ("attention.layers.0.block.attention.value.contraction", "espa.ex_v.net.2.weight"),
  ])
  func `names are the authors'`(_ own: String, _ foreign: String) {
    #expect(layout.networks[0].tensors.first { $0.own == own }?.foreign == foreign)
  }

  @Test func `a file is recognized with its sizes, and its weights come back`() throws {
    let model = tinySemanticGuidance(seed: 5) {
      $0.classes = nil
      $0 = $0.resized(toPictures: 48)
    }
    let sample = WeightSample(try TemporaryFolder())
    let tensors = layout.tensors(of: model, networks: ["generator"], colorOrder: .bgr)
    #expect(tensors.first { $0.name == "espa.ex_k.net.0.weight" }?.value.shape == [24, 12, 1])
    let plan = try WeightPlan(recognizing: sample.write(tensors))
    try plan.load(colorOrder: .bgr)
    #expect(plan.modelName == "semantic_guidance" && plan.layout.name == "goodryu" && plan.networks == ["generator"])
    #expect(haveSameWeights(model, plan.model, in: ["generator"]))
    let found = try #require(plan.model as? SemanticGuidance).configuration
    #expect(found.width == 4 && found.pictureSize == 48 && found.output == .clamp && found.classes == nil)
  }

  @Test func `a label head is none of the layout's`() {
    let tensors = layout.tensors(of: tinySemanticGuidance(), networks: ["generator"], colorOrder: .rgb)
    #expect(tensors.count == 34 + 7)
  }
}

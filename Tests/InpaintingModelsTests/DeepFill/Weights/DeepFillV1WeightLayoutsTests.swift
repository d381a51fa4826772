import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct DeepFillV1WeightLayoutsTests {
  private func layout(_ name: String) -> WeightLayout {
    DeepFillV1Configuration.weightLayouts.first { $0.name == name }!
  }

  @Test func `every layout names every parameter, in order, and none twice`() {
    let model = tinyV1()
    for layout in DeepFillV1Configuration.weightLayouts {
      #expect(layout.networks.map(\.network) == model.networks.map(\.name))
      for (network, own) in zip(layout.networks, model.networks) {
        let names = own.module.namedParameters.map(\.name)
        #expect(network.tensors.map(\.own) == names)
        #expect(Set(network.tensors.map(\.foreign)).count == names.count)
      }
    }
  }

  @Test(arguments: [
    (0, "coarse.conv4.weight", "coarse_generator.conv4_downsample.conv.weight"),
    (0, "coarse.conv15.bias", "coarse_generator.conv15.conv.bias"),
    (0, "refinement.xconv7.weight", "fine_generator.conv7_atrous.conv.weight"),
    (0, "refinement.pmconv9.weight", "fine_generator.pmconv9.conv.weight"),
    (0, "refinement.allconv13.bias", "fine_generator.allconv13.conv.bias"),
    (1, "local.conv2.weight", "localD.dis_conv_module.conv2.conv.weight"),
    (1, "global.score.bias", "globalD.linear.bias"),
  ])
  func `names are those of the port`(_ network: Int, _ own: String, _ foreign: String) {
    #expect(layout("daa233").networks[network].tensors.first { $0.own == own }?.foreign == foreign)
  }

  @Test(arguments: [
    (0, "coarse.conv13.weight", "inpaint_net/conv13_upsample/conv13_upsample_conv/kernel"),
    (0, "refinement.xconv10.bias", "inpaint_net/xconv10_atrous/bias"),
    (1, "local.conv4.weight", "discriminator/discriminator_local/conv4/kernel"),
    (1, "global.score.weight", "discriminator/dout_global_fc/kernel"),
  ])
  func `variables are those of the authors`(_ network: Int, _ own: String, _ foreign: String) {
    #expect(layout("tensorflow-v1").networks[network].tensors.first { $0.own == own }?.foreign == foreign)
  }

  @Test func `colors lie in the first layers' inputs and the last layers' outputs`() {
    let inputs = ["coarse.conv1", "refinement.xconv1", "refinement.pmconv1", "local.conv1", "global.conv1"]
    let outputs = ["coarse.conv17", "refinement.allconv17"].flatMap { [$0 + ".weight", $0 + ".bias"] }
    for layout in DeepFillV1Configuration.weightLayouts {
      let all = layout.networks.flatMap(\.tensors)
      #expect(all.filter { $0.colors == .outputs }.map(\.own) == outputs)
      #expect(all.filter { $0.colors == .inputs }.map(\.own) == inputs.map { $0 + ".weight" })
    }
  }

  @Test(
    arguments: ["daa233", "tensorflow-v1"],
    [["generator"], ["generator", "critic"]])
  func `a file is recognized with its sizes, and its weights come back`(_ name: String, _ networks: [String]) throws {
    let model = tinyV1(seed: 5) {
      $0.width = 4
      $0.hasNarrowLocalCritic = name == "daa233"
      $0.pictureSize = 48
    }
    let sample = WeightSample(try TemporaryFolder())
    let tensors = layout(name).tensors(of: model, networks: networks, colorOrder: .bgr)
    let plan = try WeightPlan(recognizing: sample.write(tensors))
    try plan.load(colorOrder: .bgr)
    #expect(plan.modelName == "deepfill_v1" && plan.layout.name == name && plan.networks == networks)
    #expect(haveSameWeights(model, plan.model, in: networks))
    let found = try #require(plan.model as? DeepFillV1).configuration
    #expect(found.padding == (name == "daa233" ? .symmetric : .same))
    if networks.count == 2 {
      #expect(found.pictureSize == 48 && found.localSize == 16 && found.criticWidth == 2)
      #expect(found.hasNarrowLocalCritic == (name == "daa233"))
    }
  }

  @Test func `the authors' files of both versions are told apart by their shapes`() throws {
    let sample = WeightSample(try TemporaryFolder())
    let second = DeepFillV2Configuration.weightLayouts.first { $0.name == "tensorflow" }!
    let tensors = second.tensors(of: tinyModel(), networks: ["generator"], colorOrder: .rgb)
    #expect(try WeightPlan(recognizing: sample.write(tensors)).modelName == "deepfill_v2")
    let first = layout("tensorflow-v1").tensors(of: tinyV1(), networks: ["generator"], colorOrder: .rgb)
    #expect(try WeightPlan(recognizing: sample.write(first)).modelName == "deepfill_v1")
  }

  @Test(arguments: ["deepfill_v1", "deepfill_v2"])
  func `a damaged file of the authors' is compared with the version that it is most like`(_ version: String) throws {
    let second = DeepFillV2Configuration.weightLayouts.first { $0.name == "tensorflow" }!
    var tensors =
      version == "deepfill_v1"
      ? layout("tensorflow-v1").tensors(of: tinyV1(), networks: ["generator"], colorOrder: .rgb)
      : second.tensors(of: tinyModel(), networks: ["generator"], colorOrder: .rgb)
    tensors.removeSubrange(1..<3)
    let sample = WeightSample(try TemporaryFolder())
    let failure = #expect(throws: Failure.self) { try WeightPlan(recognizing: sample.write(tensors)) }
    #expect(failure?.message.contains("does not fit \(version)") == true)
    #expect(failure?.message.contains("inpaint_net/conv1/bias") == true)
  }
}

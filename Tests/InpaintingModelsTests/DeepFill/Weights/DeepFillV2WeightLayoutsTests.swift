import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillV2WeightLayoutsTests {
  @Test func `every layout names every parameter and buffer, in order, and none twice`() {
    let model = tinyModel()
    for layout in DeepFillV2Configuration.weightLayouts {
      #expect(layout.networks.map(\.network) == model.networks.map(\.name))
      for (network, own) in zip(layout.networks, model.networks) {
        let names = own.module.namedParameters.map(\.name) + own.module.namedBuffers.map(\.name)
        #expect(network.tensors.map(\.own) == names)
        #expect(Set(network.tensors.map(\.foreign)).count == names.count)
      }
    }
  }

  @Test(arguments: [
    ("coarse.conv4.weight", "stage1.down_block2.conv1_downsample.conv.weight", "conv4_downsample.conv.weight"),
    ("coarse.conv15.bias", "stage1.up_block2.conv1_upsample.conv.conv.bias", "conv15_upsample.conv.conv.bias"),
    ("refinement.xconv7.weight", "stage2.conv_conv_bn2.conv.weight", "xconv7_atrous.conv.weight"),
    ("refinement.pmconv9.weight", "stage2.ca_conv_bn4.conv.weight", "pmconv9.conv.weight"),
    ("refinement.allconv17.bias", "stage2.conv_to_rgb.conv.bias", "allconv17.conv.bias"),
  ])
  func `names are those of the ports`(_ own: String, _ symmetric: String, _ ported: String) {
    let found = DeepFillV2Configuration.weightLayouts.prefix(2).map { layout in
      layout.networks[0].tensors.first { $0.own == own }?.foreign
    }
    #expect(found == [symmetric, ported])
  }

  @Test func `variables are those of the authors`() {
    let networks = DeepFillV2Configuration.weightLayouts[2].networks
    func name(_ index: Int, _ own: String) -> String? { networks[index].tensors.first { $0.own == own }?.foreign }
    #expect(name(0, "coarse.conv13.weight") == "inpaint_net/conv13_upsample/conv13_upsample_conv/kernel")
    #expect(name(0, "refinement.xconv10.bias") == "inpaint_net/xconv10_atrous/bias")
    #expect(name(1, "conv6.weight") == "discriminator/sn_patch_gan/conv6/kernel")
    #expect(name(1, "conv6.spectralNorm.u") == "discriminator/sn_patch_gan/conv6/kernel_sn/u")
  }

  @Test func `colors lie in the first layers' inputs and the last layers' outputs`() {
    let inputs = ["coarse.conv1", "refinement.xconv1", "refinement.pmconv1"].map { $0 + ".weight" }
    let outputs = ["coarse.conv17", "refinement.allconv17"].flatMap { [$0 + ".weight", $0 + ".bias"] }
    for layout in DeepFillV2Configuration.weightLayouts {
      let all = layout.networks.flatMap(\.tensors)
      #expect(all.filter { $0.colors == .outputs }.map(\.own) == outputs)
      #expect(all.filter { $0.colors == .inputs }.map(\.own).sorted() == (inputs + ["conv1.weight"]).sorted())
    }
  }

  @Test func `names are prefixed only where there are several networks`() {
    let model = tinyModel()
    for (layout, prefixes) in zip(DeepFillV2Configuration.weightLayouts, [["G.", "D."], ["G.", "D."], ["", ""]]) {
      let both = layout.tensors(of: model, networks: ["generator", "discriminator"], colorOrder: .rgb).map(\.name)
      let alone = layout.tensors(of: model, networks: ["generator"], colorOrder: .rgb).map(\.name)
      #expect(both.prefix(alone.count) == alone.map { prefixes[0] + $0 }[...])
      #expect(both.dropFirst(alone.count).allSatisfy { $0.hasPrefix(prefixes[1]) })
      #expect(alone.count == (layout.name == "nipponjo-pt" ? 85 : 84) && both.count == alone.count + 18)
    }
  }
}

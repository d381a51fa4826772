import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// NVIDIA's layer, with several planes of holes and with one.
@Suite(.enabled(if: PortedWeights.folder != nil, "KINTSUGI_FIXTURES names no folder"))
struct PartialConvolutionParityTests {
  @Test(arguments: ["multi_bias", "multi_nobias", "single_bias"], [PartialConvolutionRule.nvidia, .paper])
  func `layers give what NVIDIA's give`(_ name: String, _ rule: PartialConvolutionRule) throws {
    let port = try PortedWeights("pconv_layer_nvidia")
    let weight = try port.file.tensor(name + ".weight").permuted([2, 3, 1, 0])
    let layer = PartialConv2d(
      inputChannels: 4, outputChannels: 6, kernel: 5, stride: 2, bias: name != "multi_nobias", rule: rule,
      initialization: Initialization(seed: 0))
    layer.weight.assign(weight)
    try layer.bias?.assign(port.file.tensor(name + ".bias"))
    let made = layer(
      KnownFeatures(try port.pictures(name + ".x"), known: try port.pictures(name + ".mask")))
    #expect(made.values.largestDifference(from: try port.pictures(name + ".y")) < 1e-5)
    let known = try port.pictures(name + ".mask_out")
    #expect(made.known.expanded(to: known.shape).elements == known.elements)
  }
}

import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct DualAttentionTests {
  private func layer(
    channels: Int = 32, _ change: (inout DualAttention.Options) -> Void = { _ in }
  ) -> DualAttention {
    var options = DualAttention.Options()
    change(&options)
    return DualAttention(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  private let x = GoldenFill.features(2, 32, 3, 4)

  /// Values of the definition, computed in double precision by another program.
  struct Golden: Sendable {
    let energy: ChannelAffinityAttention.Energy
    let isTraining: Bool
    let fused: GoldenValue
    let position: GoldenValue
    let channel: GoldenValue
    let slope: GoldenValue
    let gradients: [String: Double]
  }

  static let golden = [
    Golden(
      energy: .maxMinus, isTraining: true,
      fused: GoldenValue(sum: -8.1034458809, squares: 147.0853405239, first: -0.2536662485, last: -0.4504517417),
      position: GoldenValue(sum: 2.1567261927, squares: 124.3218747557, first: 0.0602616463, last: 0.2289829372),
      channel: GoldenValue(sum: 2.4713249275, squares: 185.4725807230, first: 0.1153207296, last: -0.0819300928),
      slope: GoldenValue(sum: 0.2648135870, squares: 4.9251477205, first: 0.0480866701, last: 0.0887318453),
      gradients: [
        "conv5a.0.weight": 9.9896469786, "conv5a.1.weight": 5.1683070429, "conv5c.0.weight": 2.3159719617,
        "sa.gamma": 0.3861996765, "sa.query_conv.weight": 0.0000368171, "sa.value_conv.weight": 0.4610741777,
        "sc.gamma": 0.0200460212, "conv51.0.weight": 0.9592887061, "conv52.1.bias": 2.7080596311,
        "conv8.1.weight": 5168.4462330816,
      ]),
    Golden(
      energy: .plain, isTraining: false,
      fused: GoldenValue(sum: -7.3352298209, squares: 222.1388299842, first: -0.3271423666, last: -0.2342516241),
      position: GoldenValue(sum: 2.1922773693, squares: 89.7943009405, first: 0.0449210871, last: 0.1635974337),
      channel: GoldenValue(sum: 1.2580349784, squares: 309.7764793365, first: 0.1226011826, last: -0.1431880879),
      slope: GoldenValue(sum: 0.0157517239, squares: 13.7967244801, first: 0.1314434915, last: 0.0600215747),
      gradients: [
        "conv5a.0.weight": 23.7245331653, "conv5a.1.weight": 3.9160072770, "conv5c.0.weight": 42.4408526045,
        "sa.gamma": 0.2929222167, "sa.query_conv.weight": 0.0018189167, "sa.value_conv.weight": 1.1251693865,
        "sc.gamma": 0.0004282878, "conv51.0.weight": 1.3776089170, "conv52.1.bias": 2.5519318924,
        "conv8.1.weight": 6168.1446727692,
      ]),
  ]

  @Test(arguments: golden)
  func `it gives what its definition gives elsewhere, and so do its gradients`(_ golden: Golden) throws {
    let layer = layer {
      $0.channel.energy = golden.energy
      $0.sideOutputs = true
    }
    layer.setTraining(golden.isTraining)
    let run = try GoldenRun(layer, at: x)
    let difference = run.difference(fromOutput: golden.fused, slopes: golden.slope, squares: golden.gradients)
    #expect(difference < GoldenValue.tolerance)
    let all = layer.allOutputs(x)
    #expect(golden.fused.difference(fromFeatures: all.fused) < GoldenValue.tolerance)
    #expect(golden.position.difference(fromFeatures: try #require(all.position)) < GoldenValue.tolerance)
    #expect(golden.channel.difference(fromFeatures: try #require(all.channel)) < GoldenValue.tolerance)
  }

  @Test func `it gives as many channels as it takes, unless told otherwise, and no side outputs unless wanted`() {
    #expect(layer()(x).shape == [2, 3, 4, 32])
    #expect(layer().allOutputs(x).position == nil && layer().allOutputs(x).channel == nil)
    let head = layer {
      $0.outputs = 5
      $0.sideOutputs = true
    }
    let all = head.allOutputs(x)
    #expect([all.fused, all.position, all.channel].map { $0?.shape } == Array(repeating: [2, 3, 4, 5], count: 3))
  }

  @Test func `the weights of a position are those of its position attention, and looking changes nothing`() throws {
    let layer = layer()
    try layer.loadGoldenFill()
    let kept = layer.namedBuffers.map(\.buffer.value.elements)
    let weights = layer.weights(ofRow: 2, column: 1, in: x)
    #expect(layer.namedBuffers.map(\.buffer.value.elements) == kept)
    #expect(weights.sum(axes: [1, 2]).elements.allSatisfy { abs($0 - 1) < Scalar(tolerance(1e-5, 1e-14)) })
    let expected = layer.position.weights(ofRow: 2, column: 1, in: layer.positionInput(x))
    #expect(areIdentical(weights.elements, expected.elements))
  }

  @Test(arguments: [false, true])
  func `gradients agree with finite differences, of the second order too`(_ isTraining: Bool) throws {
    let layer = layer(channels: 3) {
      $0.reduction = 1
      $0.position.reduction = 3
      $0.position.scoreBytes = 1
    }
    try layer.loadGoldenFill()
    layer.setTraining(isTraining)
    let error = GradientCheck.largestError(of: layer, at: GoldenFill.features(2, 3, 2, 2))
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `costs are those of its parts`() {
    let convolutions = 12 * (2 * 9 * 32 * 8 + 2 * 9 * 8 * 8 + 8 * 32)
    let attentions = 12 * (64 + 16) + 144 * (1 + 8) + 2 * 64 * 12
    #expect(layer().multiplyAdds(height: 3, width: 4) == convolutions + attentions)
  }

  @Test func `names are those of the port`() {
    let names = layer { $0.sideOutputs = true }.stateDictionary().map(\.name)
    func block(_ name: String) -> [String] {
      [name + ".0.weight"] + ["weight", "bias", "running_mean", "running_var"].map { name + ".1." + $0 }
    }
    func convolution(_ name: String) -> [String] { [name + ".weight", name + ".bias"] }
    let position = ["sa.gamma"] + ["query", "key", "value"].flatMap { convolution("sa.\($0)_conv") }
    #expect(
      names == block("conv5a") + block("conv5c") + position + ["sc.gamma"] + block("conv51") + block("conv52")
        + convolution("conv6.1") + convolution("conv7.1") + convolution("conv8.1"))
    #expect(layer().stateDictionary().count == names.count - 4)
  }

  @Test func `what cannot be built is told`() {
    var options = DualAttention.Options()
    #expect(DualAttention.problem(channels: 32, options: options) == nil)
    #expect(DualAttention.problem(channels: 31, options: options)?.contains("the 7 channels that 31") == true)
    #expect(DualAttention.problem(channels: 3, options: options)?.contains("(3)") == true)
    options.outputs = 0
    #expect(DualAttention.problem(channels: 32, options: options)?.contains("outputs (0)") == true)
  }
}

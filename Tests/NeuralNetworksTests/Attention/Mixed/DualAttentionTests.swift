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

@Suite struct ChannelAffinityAttentionTests {
  private func layer(_ energy: ChannelAffinityAttention.Energy, channels: Int = 4) -> ChannelAffinityAttention {
    var options = ChannelAffinityAttention.Options()
    options.energy = energy
    return ChannelAffinityAttention(channels: channels, options: options, initialization: Initialization(seed: 3))
  }

  private let x = GoldenFill.features(2, 4, 3, 4)

  @Test(arguments: [
    (
      ChannelAffinityAttention.Energy.maxMinus,
      GoldenValue(sum: 6.2175869305, squares: 18.7950413655, first: 0.1750251518, last: -0.1848189918), 69.9086303164,
      55.2507306148
    ),
    (
      .plain, GoldenValue(sum: 6.3216128163, squares: 104.8409808321, first: 0.2619801641, last: -0.9037751342),
      101.1579845888, 1.7131285986
    ),
  ])
  func `CAM: the notes have a plain softmax, the reference max-minus, and both give their golden values`(
    _ energy: ChannelAffinityAttention.Energy, _ output: GoldenValue, _ slope: Double, _ gate: Double
  ) throws {
    let run = try GoldenRun(layer(energy), at: x)
    let difference = run.difference(
      fromOutput: output, slopes: GoldenValue(squares: slope), squares: ["gamma": gate])
    #expect(difference < GoldenValue.tolerance)
  }

  @Test func `CAM: C x C, no convolutions, β init 0`() {
    let layer = ChannelAffinityAttention(channels: 4, initialization: Initialization(seed: 3))
    #expect(layer.parameterCount == 1)
    #expect(layer.weights(of: x).shape == [2, 4, 4])
    let first = FirstStep(of: layer, at: x)
    #expect(first.isIdentity)
    #expect(first.learning == ["beta"])
  }

  @Test(arguments: ChannelAffinityAttention.Energy.allCases)
  func `the softmax runs over the index that is summed: rows with X · A, or columns with Xᵀ · A`(
    _ energy: ChannelAffinityAttention.Energy
  ) throws {
    let layer = layer(energy)
    try layer.loadGoldenFill()
    let rows = layer.weights(of: x)
    #expect(rows.sum(axes: [2]).elements.allSatisfy { abs($0 - 1) < Scalar(tolerance(1e-5, 1e-14)) })
    #expect(rows.largestDifference(from: rows.transposed()) > 0.1)
    // [channels, positions], as the paper has it.
    let a = x.permuted([0, 3, 1, 2]).reshaped(to: [2, 4, 12])
    let products = matmul(a, a, transposeRight: true)
    #expect(products.largestDifference(from: products.transposed()) < tolerance(1e-5, 1e-14))
    let sign: Scalar = energy == .plain ? 1 : -1
    let columns = softmax(products * sign, axis: 1)
    for drawn in [matmul(rows, a), matmul(columns, a, transposeLeft: true)] {
      let expected = x + drawn.reshaped(to: [2, 4, 3, 4]).permuted([0, 2, 3, 1]) * 0.5
      #expect(layer(x).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
    }
  }

  @Test func `the weights of a position are H x W, those of a channel C`() {
    let position = SelfAttention(channels: 8, initialization: Initialization(seed: 3))
    let features = GoldenFill.features(1, 8, 3, 5)
    #expect(position.weights(ofRow: 1, column: 4, in: features).shape == [1, 3, 5])
    let ofChannels = layer(.plain, channels: 8).weights(of: features)
    #expect(ofChannels.sliced(axis: 1, 2..<3).count == 8)
  }

  @Test
  func `channels are cheaper than positions if there are fewer than 9 / 16 of the positions: of 512, from 31 x 31 up`()
  {
    func products(_ channels: Int, _ size: Int) -> (channels: Int, positions: Int) {
      let position = SelfAttention(channels: channels, initialization: Initialization(seed: 3, weights: .zeros))
      let positions = size * size
      let convolutions = positions * (channels * channels + channels * channels / 4)
      return (
        layer(.plain, channels: channels).multiplyAdds(height: size, width: size),
        position.multiplyAdds(height: size, width: size) - convolutions
      )
    }
    for (channels, size) in [(512, 30), (512, 31), (64, 10), (64, 11), (8, 3), (8, 4)] {
      let found = products(channels, size)
      #expect(found.channels == 2 * channels * channels * size * size)
      #expect((found.channels < found.positions) == (16 * channels < 9 * size * size))
    }
    #expect(products(512, 30).channels > products(512, 30).positions)
    #expect(products(512, 31).channels < products(512, 31).positions)
  }

  @Test func `on large features channels draw from themselves alone, unless from the least alike`() throws {
    let x = Tensor.noise("features", [1, 32, 32, 4])
    let diagonal = layer(.plain).weights(of: x).elements.enumerated().filter { $0.offset % 5 == 0 }
    #expect(diagonal.allSatisfy { $0.element > 0.999 })
    let least = layer(.maxMinus).weights(of: x).elements.enumerated().filter { $0.offset % 5 == 0 }
    #expect(least.allSatisfy { $0.element < 1e-3 })
  }

  @Test func `its gate has the port's name, and what cannot be built is told`() {
    #expect(layer(.plain).stateDictionary().map(\.name) == ["gamma"])
    #expect(ChannelAffinityAttention.problem(channels: 0, options: .init())?.contains("(0)") == true)
    #expect(ChannelAffinityAttention.problem(channels: 1, options: .init()) == nil)
  }
}

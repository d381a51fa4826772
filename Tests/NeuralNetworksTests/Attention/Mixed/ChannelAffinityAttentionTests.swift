import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

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

  @Test(arguments: ChannelAffinityAttention.Energy.allCases)
  func `gradients agree with finite differences, of the second order too`(
    _ energy: ChannelAffinityAttention.Energy
  ) throws {
    let layer = layer(energy, channels: 3)
    try layer.loadGoldenFill()
    let error = GradientCheck.largestError(of: layer, at: GoldenFill.features(2, 3, 2, 2), order: 2)
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `its gate has the port's name, and what cannot be built is told`() {
    #expect(layer(.plain).stateDictionary().map(\.name) == ["gamma"])
    #expect(ChannelAffinityAttention.problem(channels: 0, options: .init())?.contains("(0)") == true)
    #expect(ChannelAffinityAttention.problem(channels: 1, options: .init()) == nil)
  }
}

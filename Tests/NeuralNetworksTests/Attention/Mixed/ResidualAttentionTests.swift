import Foundation
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ResidualAttentionTests {
  private func module(
    channels: Int = 8, levels: Int = 2, activation: AttentionActivation = .mixed,
    interpolation: BilinearRule = .alignCorners
  ) -> ResidualAttention {
    var options = ResidualAttention.Options()
    options.downLevels = levels
    options.activation = activation
    options.interpolation = interpolation
    return ResidualAttention(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  struct Golden: Sendable {
    var levels = 2
    var activation = AttentionActivation.mixed
    var interpolation = BilinearRule.alignCorners
    var isTraining = false
    var height = 5
    var width = 6
    let output: GoldenValue
    let slope: GoldenValue
  }

  /// The definition, computed with PyTorch in float64.
  static let values = [
    Golden(
      levels: 1,
      output: GoldenValue(sum: -29.8292860120, squares: 624.9501505932, first: 0.3682524528, last: 0.8996543083),
      slope: GoldenValue(sum: -0.9777628037, squares: 547.7451400284, first: 1.5533278341, last: -1.3941280804)),
    Golden(
      output: GoldenValue(sum: -26.2485033320, squares: 680.0214128464, first: 0.5548248585, last: 0.7463212262),
      slope: GoldenValue(sum: -1.1612678552, squares: 549.7000926090, first: 1.5460813024, last: -1.3921333743)),
    Golden(
      levels: 3, height: 9, width: 7,
      output: GoldenValue(sum: -21.5436689861, squares: 1318.8217837880, first: 0.5887144643, last: 0.7517826939),
      slope: GoldenValue(sum: -3.8048335613, squares: 1159.3551564695, first: 1.5743061207, last: 0.8944257544)),
    Golden(
      levels: 3, interpolation: .halfPixel, height: 9, width: 7,
      output: GoldenValue(sum: -21.5396173373, squares: 1318.7732113446, first: 0.5887144643, last: 0.7517826939),
      slope: GoldenValue(sum: -3.8059621445, squares: 1159.3499134033, first: 1.5743061207, last: 0.8944257544)),
    Golden(
      activation: .channel,
      output: GoldenValue(sum: -2.9917141579, squares: 375.2075470484, first: 0.4819118777, last: 0.1449423167),
      slope: GoldenValue(sum: -0.1151481612, squares: 294.4797593206, first: 1.2505479999, last: -0.5825272377)),
    Golden(
      activation: .spatial,
      output: GoldenValue(sum: -35.2802173105, squares: 677.3083696400, first: 0.5995215269, last: 0.5305539281),
      slope: GoldenValue(sum: -1.4903096471, squares: 601.1255644718, first: 1.7272473152, last: -1.1411144132)),
    Golden(
      isTraining: true,
      output: GoldenValue(sum: -31.5636092409, squares: 571.0855607986, first: 0.5713454920, last: 0.5194157562),
      slope: GoldenValue(sum: -0.5562346233, squares: 568.0214544164, first: 1.1474227000, last: -1.0372685665)),
  ]

  @Test(arguments: values)
  func `values of the definition`(_ golden: Golden) throws {
    let module = module(levels: golden.levels, activation: golden.activation, interpolation: golden.interpolation)
    module.setTraining(golden.isTraining)
    let run = try GoldenRun(module, at: GoldenFill.features(2, 8, golden.height, golden.width))
    #expect(run.difference(fromOutput: golden.output, slopes: golden.slope) < GoldenValue.tolerance)
  }

  @Test func `the port's names`() {
    let filters = module().portedWeights.map(\.name).filter { $0.contains(".conv1.") || $0.contains("softmax4") }
    #expect(
      filters == [
        "first_residual_blocks.conv1.weight", "trunk_branches.0.conv1.weight", "trunk_branches.1.conv1.weight",
        "softmax1_blocks.conv1.weight", "skip1_connection_residual_block.conv1.weight",
        "softmax2_blocks.0.conv1.weight", "softmax2_blocks.1.conv1.weight", "softmax3_blocks.conv1.weight",
        "softmax4_blocks.0.weight", "softmax4_blocks.0.bias", "softmax4_blocks.0.running_mean",
        "softmax4_blocks.0.running_var", "softmax4_blocks.2.weight", "softmax4_blocks.3.weight",
        "softmax4_blocks.3.bias", "softmax4_blocks.3.running_mean", "softmax4_blocks.3.running_var",
        "softmax4_blocks.5.weight", "last_blocks.conv1.weight",
      ])
    #expect(module(levels: 3).portedWeights.contains { $0.name == "softmax6_blocks.5.weight" })
    #expect(module(levels: 1).portedWeights.contains { $0.name == "softmax2_blocks.5.weight" })
  }

  /// The channels' weights of zeros are zeros.
  @Test func `where nothing is attended to, the trunk remains`() {
    let module = module(activation: .channel)
    module.branch.convolution2.weight.assign(.zeros([1, 1, 8, 8]))
    module.setTraining(false)
    let x = Tensor.noise("x", [2, 6, 5, 8])
    #expect(module.weights(of: x).elements.allSatisfy { $0 == 0 })
    let trunk = x.through(module.first, module.trunk[0], module.trunk[1], module.last)
    #expect(areIdentical(module(x).elements, trunk.elements))
  }

  @Test func `the trunk's gradient is 1 + M, at least 1`() {
    let module = module()
    let x = Tensor.noise("x", [2, 6, 5, 8])
    let weights = module.weights(of: x)
    #expect(weights.shape == x.shape)
    let slope = gradient(at: Tensor.noise("trunk", x.shape)) {
      ResidualAttention.fused(trunk: $0, weights: weights).sum()
    }
    #expect(slope.largestDifference(from: weights + 1) < tolerance(1e-6, 1e-15))
    #expect(slope.elements.allSatisfy { $0 >= 1 })
  }

  @Test(arguments: [1, 2, 3])
  func `all sizes are possible, and stay`(_ levels: Int) {
    let module = module(channels: 4, levels: levels)
    for (height, width) in [(1, 1), (2, 3), (5, 8), (9, 16)] {
      let y = module(.noise("x", [1, height, width, 4]))
      #expect(y.shape == [1, height, width, 4])
      #expect(y.elements.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: zip([1, 2, 3], [6, 9, 12]))
  func `units, parameters and multiplications`(levels: Int, units: Int) {
    let (module, channels) = (module(channels: 16, levels: levels), 16)
    let unit = 17 * channels * channels / 16
    let filters = module.namedParameters.filter { $0.parameter.shape.count == 4 }
    #expect(filters.count == 3 * units + 2)
    let count = filters.reduce(0) { $0 + $1.parameter.shape.elementCount }
    #expect(count == units * unit + 2 * channels * channels)
    // Of 12 x 9 positions 6 x 5, 3 x 3 and 2 x 2 are left.
    let positions = [108, 30, 9, 4]
    let levelUnits = positions[1..<levels].reduce(0) { $0 + 3 * $1 } + 2 * positions[levels] + 4 * positions[0]
    let expected = levelUnits * unit + 2 * channels * channels * positions[0] + channels * positions[0]
    #expect(module.multiplyAdds(height: 12, width: 9) == expected)
  }

  @Test func `what cannot be is said`() {
    var options = ResidualAttention.Options()
    #expect(ResidualAttention.problem(channels: 8, options: options) == nil)
    #expect(ResidualAttention.problem(channels: 6, options: options)?.contains("(6)") == true)
    #expect(ResidualAttention.problem(channels: 0, options: options)?.contains("(0)") == true)
    options.downLevels = 4
    #expect(ResidualAttention.problem(channels: 8, options: options)?.contains("down-levels (4)") == true)
  }
}

@Suite struct AttentionActivationTests {
  private let x = Tensor.noise("x", [2, 3, 4, 5])

  @Test func `mixed weights look at a number alone`() {
    #expect(areIdentical(AttentionActivation.mixed(x).elements, sigmoid(x).elements))
  }

  @Test func `channel weights have the length 1 at each position, and 0 stays 0`() {
    let weights = AttentionActivation.channel(x)
    let lengths = square(weights).sum(axes: [3])
    #expect(lengths.largestDifference(from: .ones(lengths.shape)) < tolerance(1e-6, 1e-11))
    #expect(AttentionActivation.channel(x * 5).largestDifference(from: weights) < tolerance(1e-6, 1e-11))
    #expect(AttentionActivation.channel(.zeros([1, 2, 2, 3])).elements.allSatisfy { $0 == 0 })
  }

  @Test func `spatial weights do not see the mean and the deviation of a channel`() {
    let weights = AttentionActivation.spatial(x)
    let moved = AttentionActivation.spatial(x * Tensor([1, 2, 3, 4, 5], shape: [5]) + 7)
    #expect(moved.largestDifference(from: weights) < 1e-4)
    // Pictures by themselves.
    let alone = AttentionActivation.spatial(x.sliced(axis: 0, 1..<2))
    #expect(alone.largestDifference(from: weights.sliced(axis: 0, 1..<2)) < tolerance(1e-6, 1e-14))
    // The logits have the variance 1.
    let logits = Tensor(weights.elements.map { -log(1 / $0 - 1) }, shape: weights.shape)
    let variance = square(logits).mean(axes: [1, 2])
    #expect(variance.largestDifference(from: .ones(variance.shape)) < 1e-3)
  }

  @Test(arguments: AttentionActivation.allCases)
  func `gradients of order 1 and 2 agree with finite differences`(_ activation: AttentionActivation) {
    #expect(GradientCheck.largestError(at: [.wave([2, 2, 2, 3])]) { activation($0[0]) } < GradientCheck.tolerance)
  }
}

import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SelectiveKernelTests {
  private func layer(channels: Int = 8, paths: Int = 2, groups: Int = 2, length: Int = 4) -> SelectiveKernel {
    var options = SelectiveKernel.Options()
    options.paths = paths
    options.groups = groups
    options.minimumLength = length
    return SelectiveKernel(channels: channels, options: options, initialization: Initialization(seed: 1))
  }

  @Test func `published values`() throws {
    let names =
      ["paths.0", "paths.1"].flatMap { [$0 + ".conv.weight", $0 + ".bn.weight", $0 + ".bn.bias"] }
      + ["attn.fc_reduce.weight", "attn.bn.weight", "attn.bn.bias", "attn.fc_select.weight"]
    let layer = layer()
    layer.setTraining(false)
    let run = try GoldenRun(layer, names: names, at: GoldenFill.features(2, 8, 5, 6))
    let difference = run.difference(
      fromOutput: GoldenValue(sum: 131.0627679600, squares: 68.7556513684),
      slopes: GoldenValue(sum: -3.2912907923, squares: 20.0882234551, first: -0.0788307543, last: 0.1537335301),
      squares: [
        "paths.0.conv.weight": 52.0530626979, "paths.1.conv.weight": 61.1692633548,
        "attn.fc_reduce.weight": 0.0829043750, "attn.fc_select.weight": 7.3227470522,
      ])
    #expect(difference < GoldenValue.tolerance)
  }

  /// The offsets from an impulse where a path answers at all, and the channels that do.
  private func answer(ofPath number: Int) -> (offsets: Set<[Int]>, channels: Set<Int>) {
    let path = layer(channels: 4, paths: 3).paths[number]
    path.weight.assign(.ones(path.weight.shape))
    let impulse = Tensor.ones([1, 1, 1, 1]).padded([(0, 0), (4, 4), (4, 4), (1, 2)])
    let found = path.convolved(impulse)
    #expect(found.shape == [1, 9, 9, 4])
    let positions = found.elements.indices.filter { found.elements[$0] != 0 }
    return (Set(positions.map { [$0 / 36 - 4, $0 / 4 % 9 - 4] }), Set(positions.map { $0 % 4 }))
  }

  @Test(arguments: [0, 1, 2])
  func `3x3, and 3x3 with dilation 2 in place of 5x5: nine taps`(_ path: Int) {
    let taps = [-path - 1, 0, path + 1]
    #expect(answer(ofPath: path).offsets == Set(taps.flatMap { row in taps.map { [row, $0] } }))
  }

  @Test func `paths are grouped: no group sees another one`() {
    #expect(answer(ofPath: 1).channels == [0, 1])
  }

  @Test(arguments: [2, 3])
  func `a + b = 1: the parts of a channel have the sum 1, and the output is their mixture`(_ paths: Int) {
    let layer = layer(paths: paths)
    layer.setTraining(false)
    let x = Tensor.noise("x", [2, 5, 6, 8])
    let weights = layer.pathWeights(of: x)
    #expect(weights.shape == [2, paths, 8])
    let sums = weights.sum(axes: [1])
    #expect(sums.largestDifference(from: .ones([2, 1, 8])) < tolerance(1e-6, 1e-14))
    let mixture = layer.paths.enumerated().map {
      $1(x) * weights.sliced(axis: 1, $0..<$0 + 1).reshaped(to: [2, 1, 1, 8])
    }
    let expected = mixture.dropFirst().reduce(mixture[0], +)
    #expect(layer(x).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `scores are those of all channels for the first path, then for the second`() {
    let layer = layer()
    layer.setTraining(false)
    // Only the first score is not 0: that of channel 0 in path 0.
    let first = Tensor.ones([1, 1, 4, 1]).padded([(0, 0), (0, 0), (0, 0), (0, 15)])
    layer.select.weight.assign(first)
    layer.normalization.bias?.assign(.ones([4]))
    let weights = layer.pathWeights(of: .noise("x", [1, 3, 3, 8]))
    #expect(weights[0, 0, 0] > 0.6 && weights[0, 1, 0] < 0.4)
    #expect((1..<8).allSatisfy { weights[0, 0, $0] == 0.5 && weights[0, 1, $0] == 0.5 })
  }

  @Test func `a batch of 1 can be trained: its vector is normalized by the running statistics`() {
    let layer = layer()
    let x = Tensor.noise("x", [1, 4, 4, 8])
    let slopes = valueWithGradient(at: [layer.fuse.weight]) { square(layer(x)).sum() }.gradient
    #expect(slopes[0].elements.contains { $0 != 0 })
    #expect(layer.normalization.runningMean.value.elements.allSatisfy { $0 == 0 })
    #expect(layer.normalization.freezing == .nothing)
    #expect(layer.paths[0].normalization.runningMean.value.elements.allSatisfy { $0 != 0 })
    _ = layer(.noise("x", [2, 4, 4, 8]))
    #expect(layer.normalization.runningMean.value.elements.contains { $0 != 0 })
  }

  @Test func `parameters and multiplications`() {
    let layer = SelectiveKernel(channels: 64, initialization: Initialization(seed: 1))
    let paths = 2 * (9 * 64 * 64 / 32 + 2 * 64)
    #expect(layer.parameterCount == paths + 64 * 32 + 2 * 32 + 2 * 32 * 64)
    let perPlace = 2 * 9 * 64 * 64 / 32 + 2 * 64
    #expect(layer.multiplyAdds(height: 5, width: 6) == perPlace * 30 + 64 * 32 + 2 * 32 * 64)
    // max(C / r, L).
    #expect(self.layer(channels: 128, length: 4).fuse.weight.shape == [1, 1, 128, 8])
  }

  @Test func `what cannot be is said`() {
    var options = SelectiveKernel.Options()
    #expect(SelectiveKernel.problem(channels: 64, options: options) == nil)
    #expect(SelectiveKernel.problem(channels: 48, options: options)?.contains("(48)") == true)
    #expect(SelectiveKernel.problem(channels: 0, options: options)?.contains("(0)") == true)
    options.paths = 0
    #expect(SelectiveKernel.problem(channels: 64, options: options)?.contains("paths (0)") == true)
    options = SelectiveKernel.Options()
    options.groups = 0
    #expect(SelectiveKernel.problem(channels: 64, options: options)?.contains("groups (0)") == true)
    options = SelectiveKernel.Options()
    options.reduction = 0
    #expect(SelectiveKernel.problem(channels: 64, options: options)?.contains("reduction (0)") == true)
    options = SelectiveKernel.Options()
    options.minimumLength = 0
    #expect(SelectiveKernel.problem(channels: 64, options: options)?.contains("length (0)") == true)
  }

  @Test func `channels that make no groups are named when a layer is made of them`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SelectiveKernel(channels: 48, initialization: Initialization(seed: 1, name: "attention"))
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(
      said.contains("SelectiveKernel attention: the number of channels (48) must be a multiple of the groups (32)"))
  }
}

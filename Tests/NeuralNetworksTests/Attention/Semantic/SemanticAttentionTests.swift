import Foundation
import Kernels
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SemanticAttentionTests {
  private let hole = Tensor(
    (0..<16).map { (1...2).contains($0 / 4) && (1...2).contains($0 % 4) ? 1 : 0 }, shape: [1, 4, 4, 1])
  /// The missing pixel at (2, 2) is of a class that nothing known is of.
  private let classes = [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 3, 2, 0, 0, 1, 1]

  /// Made by NumPy in float64 from the formula in the documentation.
  @Test(arguments: [
    (
      1, GoldenValue(sum: 0.3400571798, squares: 24.1342463233),
      GoldenValue(sum: -4.2208966272, squares: 32.3093883450, first: 1.0000273202, last: -0.1903363285),
      [(4, 0.81189788), (8, 0.18704415), (1, 0.00105791), (0, 5e-8)]
    ),
    (
      3, GoldenValue(sum: 1.6337990162, squares: 23.6704645985),
      GoldenValue(sum: -3.6046262159, squares: 34.9671668107, first: 1.0048213871, last: -0.1140376435),
      [(4, 0.97087924), (8, 0.02607367), (1, 0.00289791), (0, 0.00014808)]
    ),
  ])
  func `values, gradients and weights agree with published ones`(
    _ size: Int, _ value: GoldenValue, _ slope: GoldenValue, _ expected: [(Int, Double)]
  ) {
    let attention = SemanticAttention(patchSize: size)
    let x = Parameter(GoldenFill.features(1, 3, 4, 4))
    let output = attention(x.value, classes: classes, hole: hole)
    #expect(value.difference(fromFeatures: output) < GoldenValue.tolerance)
    let found = valueWithGradient(at: [x]) {
      dot(attention(x.value, classes: classes, hole: hole), GoldenFill.cotangent(ofFeatures: output.shape))
    }.gradient[0]
    #expect(slope.difference(fromFeatures: found) < GoldenValue.tolerance)
    let weights = attention.weights(ofRow: 1, column: 1, in: x.value, classes: classes, hole: hole).elements
    for (pixel, weight) in expected { #expect(abs(Double(weights[pixel]) - weight) < tolerance(1e-5, 6e-9)) }
    for (pixel, mass) in [(5, 1.0), (6, 1), (9, 1), (10, 0)] {
      let weights = attention.weights(
        ofRow: pixel / 4, column: pixel % 4, in: x.value, classes: classes, hole: hole
      ).elements
      let same = weights.indices.filter { classes[$0] == classes[pixel] }.reduce(0) { $0 + Double(weights[$1]) }
      #expect(abs(same - mass) < tolerance(1e-6, 1e-14))
      #expect(abs(weights.reduce(0) { $0 + Double($1) } - 1) < tolerance(1e-6, 1e-14))
    }
  }

  @Test func `known pixels stay, and nothing changes where nothing is known or nothing missing`() {
    let x = Tensor.noise("x", [2, 4, 4, 3])
    let two = classes + classes.reversed()
    let output = SemanticAttention()(x, classes: two, hole: hole)
    let known = 1 - hole
    #expect((output * known).elements == (x * known).elements)
    #expect(output.elements != x.elements)
    for region in [Tensor.ones([1, 4, 4, 1]), .zeros([1, 4, 4, 1])] {
      #expect(SemanticAttention()(x, classes: two, hole: region).elements == x.elements)
    }
  }

  @Test func `names of classes do not matter, and with one class all known pixels are drawn from`() {
    let x = Tensor.noise("x", [1, 4, 4, 3])
    let output = SemanticAttention()(x, classes: classes, hole: hole)
    let renamed = classes.map { [7, 2, 0, 5][$0] }
    #expect(SemanticAttention()(x, classes: renamed, hole: hole).elements == output.elements)
    let one = SemanticAttention()(x, classes: nil, hole: hole)
    #expect(one.elements == SemanticAttention()(x, classes: Array(repeating: 4, count: 16), hole: hole).elements)
    // The masked softmax over all pixels, written out.
    let patches = x.unfolded(kernel: 3, padding: Padding(1))
    let unit = patches / sqrt(square(patches).sum(axes: [-1]))
    let scores = matmul(unit, unit, transposeRight: true) * 10 - 1e4 * hole.reshaped(to: [1, 1, 16])
    let mixed = matmul(softmax(scores), x.reshaped(to: [1, 16, 3])).reshaped(to: x.shape)
    #expect(one.largestDifference(from: mixed * hole + x * (1 - hole)) < tolerance(1e-5, 1e-13))
  }

  @Test func `a picture of the batch has its own classes and hole`() {
    let x = Tensor.noise("x", [2, 4, 4, 3])
    let other = Array(classes.reversed())
    let holes = concatenate([hole, .zeros([1, 4, 4, 1])], axis: 0)
    let output = SemanticAttention()(x, classes: classes + other, hole: holes)
    let first = SemanticAttention()(x.sliced(axis: 0, 0..<1), classes: classes, hole: hole)
    #expect(output.sliced(axis: 0, 0..<1).elements == first.elements)
    #expect(output.sliced(axis: 0, 1..<2).elements == x.sliced(axis: 0, 1..<2).elements)
    let both = SemanticAttention()(x, classes: classes + other, hole: hole)
    let second = SemanticAttention()(x.sliced(axis: 0, 1..<2), classes: other, hole: hole)
    #expect(both.sliced(axis: 0, 1..<2).elements == second.elements)
  }

  @Test(arguments: [1 << 20, 1])
  func `gradients of order 1 and 2 agree with finite differences, in blocks too`(_ bytes: Int) {
    let attention = SemanticAttention(scale: 2, scoreBytes: bytes)
    let error = GradientCheck.largestError(at: [.noise("x", [2, 4, 4, 2])]) {
      attention($0[0], classes: classes + classes.reversed(), hole: hole)
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `blocks give what the whole gives`() {
    let x = Tensor.noise("x", [2, 4, 4, 3])
    let two = classes + classes.reversed()
    let whole = SemanticAttention()(x, classes: two, hole: hole)
    let blocks = SemanticAttention(scoreBytes: 1)(x, classes: two, hole: hole)
    #expect(whole.largestDifference(from: blocks) < tolerance(1e-6, 1e-14))
  }
}

@Suite struct SemanticPropagationTests {
  private let hole = Tensor((0..<16).map { $0 % 4 == 1 ? 1 : 0 }, shape: [1, 4, 4, 1])
  private let classes = (0..<16).map { $0 / 8 }

  @Test func `fresh propagation is the attention alone, and dilated groups are added by gamma`() {
    let layer = SemanticPropagation(channels: 4, initialization: Initialization(seed: 1))
    let x = Tensor.noise("x", [1, 4, 4, 4])
    let attended = layer.attention(x, classes: classes, hole: hole)
    #expect(layer(x, classes: classes, hole: hole).elements == attended.elements)
    layer.gamma.assign(Tensor(0.5))
    let added = layer(x, classes: classes, hole: hole) - attended
    let expected = concatenate(layer.groups.map { $0(attended) }, axis: -1) * 0.5
    #expect(added.largestDifference(from: expected) < tolerance(1e-6, 1e-14))
    #expect(layer.groups.map(\.dilation) == [1, 2, 4, 8] && added.elements.allSatisfy { $0 >= 0 })
    #expect(layer.parameterCount == 4 * (9 * 4 + 1) + 1)
  }

  /// In a process of its own, as the peak is that of all tensors. Numbers of 64 bits take twice as much.
  @Test(.enabled(if: !isDoublePrecision))
  func `a step with a map of 64 x 64 takes less than 600 MB for four pictures`() async {
    await #expect(processExitsWith: .success) {
      let layer = SemanticPropagation(channels: 128, initialization: Initialization(seed: 1))
      layer.gamma.assign(Tensor(0.5))
      let x = Parameter(.noise("x", [4, 64, 64, 128]))
      // Half of the pixels, which is the most work there can be.
      let hole = Tensor((0..<4096).map { $0 / 64 % 2 == 0 ? 1 : 0 }, shape: [1, 64, 64, 1])
      let classes = (0..<4 * 4096).map { $0 % 64 * 3 / 64 }
      let before = MemoryPool.tensors.liveBytes
      MemoryPool.tensors.resetPeak()
      let slopes = valueWithGradient(at: [x] + layer.parameters) {
        layer(x.value, classes: classes, hole: hole).sum()
      }.gradient
      let peak = MemoryPool.tensors.peakBytes - before
      guard slopes[0].isFinite, peak < 600_000_000 else { exit(1) }
    }
  }
}

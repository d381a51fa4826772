import Foundation
import Kernels
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

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

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let layer = SemanticPropagation(
      channels: 4, attention: SemanticAttention(scale: 2), initialization: Initialization(seed: 1))
    layer.gamma.assign(Tensor(0.5))
    let error = GradientCheck.largestError(of: layer, at: [.noise("x", [1, 4, 4, 4])]) {
      layer($0[0], classes: classes, hole: hole)
    }
    #expect(error < GradientCheck.tolerance)
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

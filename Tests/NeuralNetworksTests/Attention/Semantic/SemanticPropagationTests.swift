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
}

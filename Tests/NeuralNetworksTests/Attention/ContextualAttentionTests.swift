import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct ContextualAttentionTests {
  static let features = Tensor.noise("features", [2, 6, 8, 2])
  /// The first picture misses two places, the second another one.
  static let holes: Tensor = {
    var holes = Tensor.zeros([2, 3, 4, 1])
    holes.withMutableElements {
      $0[0] = 1
      $0[1] = 1
      $0[12 + 11] = 1
    }
    return holes
  }()

  @Test(arguments: [true, false], [NearestRule.floor, .alignCorners])
  func `the matrix form is what the paper's loops compute`(_ fuses: Bool, _ rule: NearestRule) {
    let background = Tensor.noise("background", [2, 6, 8, 2])
    let found = ContextualAttention(fuses: fuses, nearestRule: rule)(
      Self.features, background: background, hole: Self.holes)
    for sample in 0..<2 {
      let expected = AttentionByLoops(
        foreground: Self.features.sliced(axis: 0, sample..<sample + 1),
        background: background.sliced(axis: 0, sample..<sample + 1),
        hole: Self.holes.sliced(axis: 0, sample..<sample + 1), fuses: fuses, rule: rule
      ).result
      let picture = found.sliced(axis: 0, sample..<sample + 1).elements
      let worst = zip(picture, expected).map { abs(Double($0) - $1) }.max()!
      #expect(worst < (GradientCheck.isExact ? 1e-11 : 2e-5))
    }
  }

  @Test func `without a background, the foreground attends to itself`() {
    let attention = ContextualAttention()
    let own = attention(Self.features, hole: Self.holes)
    let given = attention(Self.features, background: Self.features, hole: Self.holes)
    #expect(own.elements == given.elements)
  }

  @Test func `one hole serves the whole batch`() {
    let hole = Self.holes.sliced(axis: 0, 0..<1)
    let shared = ContextualAttention()(Self.features, hole: hole)
    let tiled = ContextualAttention()(Self.features, hole: concatenate([hole, hole], axis: 0))
    #expect(shared.elements == tiled.elements)
  }

  @Test func `where nothing is known nothing is pasted`() {
    let result = ContextualAttention()(Self.features, hole: .ones([1, 3, 4, 1]))
    #expect(result.elements.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [true, false])
  func `gradients of order 1 and 2 agree with finite differences`(_ fuses: Bool) {
    let foreground = Tensor.noise("foreground", [1, 4, 4, 2], scale: 0.4)
    let background = Tensor.noise("background", [1, 4, 4, 2])
    let hole = Tensor([0, 0, 0, 0], shape: [1, 2, 2, 1])
    // A mild softmax, for finite differences.
    let attention = ContextualAttention(fuses: fuses, nearestRule: .floor, scale: 1)
    let error = GradientCheck.largestError(at: [foreground, background]) {
      attention($0[0], background: $0[1], hole: hole)
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `gradients beside a hole agree with finite differences`() {
    let features = Tensor.noise("features", [1, 8, 8, 1])
    var hole = Tensor.zeros([1, 4, 4, 1])
    hole.withMutableElements { $0[0] = 1 }
    let attention = ContextualAttention(scale: 2)
    let error = GradientCheck.largestError(at: [features], order: 1) { attention($0[0], hole: hole) }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `patches of zeros have a finite gradient`() {
    let slope = gradient(at: Tensor.zeros([1, 4, 4, 1])) {
      square(ContextualAttention()($0, hole: .zeros([1, 2, 2, 1])) - 1).sum()
    }
    #expect(slope.elements.allSatisfy { $0.isFinite })
  }
}

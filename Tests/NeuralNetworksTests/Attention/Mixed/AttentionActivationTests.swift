import Foundation
import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

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

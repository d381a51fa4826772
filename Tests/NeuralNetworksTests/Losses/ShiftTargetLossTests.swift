import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct ShiftTargetLossTests {
  private let features = Tensor.noise("features", [2, 2, 3, 2])
  private let target = Tensor.noise("target", [2, 2, 3, 2])
  /// Two cells of the first picture, one of the second.
  private let hole = Tensor([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], shape: [2, 2, 3, 1])

  @Test func `it is the squared distance of a missing cell's features, in the mean`() {
    let first = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let second = Tensor([0, 0, 1, 9], shape: [1, 1, 2, 2])
    let hole = Tensor([0, 1], shape: [1, 1, 2, 1])
    #expect(shiftTargetLoss(first, target: second, hole: hole).scalar == 29)
    #expect(shiftTargetLoss(first, target: second, hole: .ones([1, 1, 2, 1])).scalar == 17)
  }

  @Test func `known cells get no gradient, and the target gets none`() {
    let slopes = gradient(at: [features, target]) { shiftTargetLoss($0[0], target: $0[1], hole: hole) }
    let expected = (features - target) * hole * 2 / 3
    #expect(slopes[0].largestDifference(from: expected) < tolerance(1e-6, 1e-14))
    #expect(slopes[0].elements.filter { $0 != 0 }.count == 6)
    #expect(slopes[1].elements.allSatisfy { $0 == 0 })
  }

  @Test func `without missing cells it is zero, and so is its gradient`() {
    let (value, slopes) = valueWithGradient(at: [features]) {
      shiftTargetLoss($0[0], target: target, hole: .zeros([1, 2, 3, 1]))
    }
    #expect(value.scalar == 0 && slopes[0].elements.allSatisfy { $0 == 0 })
  }

  @Test func `one hole serves the whole batch, and is counted for each picture`() {
    let one = hole.sliced(axis: 0, 0..<1)
    let shared = shiftTargetLoss(features, target: target, hole: one)
    let tiled = shiftTargetLoss(features, target: target, hole: concatenate([one, one], axis: 0))
    #expect(abs(shared.scalar - tiled.scalar) < 1e-6)
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(at: [features]) {
      square(shiftTargetLoss($0[0], target: target, hole: hole))
    }
    #expect(error < GradientCheck.tolerance)
  }
}

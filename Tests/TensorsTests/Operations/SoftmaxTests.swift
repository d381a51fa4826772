import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct SoftmaxTests {
  @Test(arguments: [0, 1, 2, -1, -3])
  func `every slice along the axis agrees with the formula and sums to 1`(axis: Int) {
    let x = Tensor.wave([3, 4, 5], frequency: 1.1, scale: 3)
    let found = softmax(x, axis: axis)
    let powers = exp(x)
    let expected = powers / powers.sum(axes: [axis])
    #expect(found.largestDifference(from: expected) < tolerance(5e-7, 1e-15))
    #expect(found.sum(axes: [axis]).elements.allSatisfy { Swift.abs($0 - 1) < Scalar(tolerance(1e-6, 1e-14)) })
  }

  @Test func `huge scores neither overflow nor leave gradients`() {
    let found = softmax(Tensor([1e30, 0, -1e30], shape: [3]))
    #expect(largestDifference(found.elements, [1, 0, 0]) < 1e-30)
    let slope = gradient(at: Tensor([1e30, 0], shape: [2])) { softmax($0).sliced(axis: 0, 0..<1).sum() }
    #expect(slope.elements.allSatisfy { Swift.abs($0) < 1e-30 })
  }
}

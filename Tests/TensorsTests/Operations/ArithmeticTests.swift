import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct ArithmeticTests {
  @Test func `a threshold itself is not above it`() {
    #expect(Tensor([-1, 0.5, 0.50001, 2], shape: [4]).isAtMost(0.5).elements == [1, 1, 0, 0])
  }

  private let left = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
  private let right = Tensor([2, 4, 8], shape: [3])

  @Test func `two tensors, broadcast`() {
    #expect((left + right).elements == [3, 6, 11, 6, 9, 14])
    #expect((left - right).elements == [-1, -2, -5, 2, 1, -2])
    #expect((right - left).elements == [1, 2, 5, -2, -1, 2])
    #expect((left * right).elements == [2, 8, 24, 8, 20, 48])
    #expect((left / right).elements == [0.5, 0.5, 0.375, 2, 1.25, 0.75])
    #expect((Tensor([1, 2], shape: [2, 1]) + right).elements == [3, 5, 9, 4, 6, 10])
    #expect((Tensor.zeros([2, 0]) + Tensor(1)).shape == [2, 0])
  }

  @Test func `a tensor and a number, from both sides`() {
    let x = Tensor([1, -2], shape: [2])
    #expect((-x).elements == [-1, 2])
    #expect((x + 3).elements == [4, 1])
    #expect((3 + x).elements == [4, 1])
    #expect((x - 3).elements == [-2, -5])
    #expect((3 - x).elements == [2, 5])
    #expect((x * 3).elements == [3, -6])
    #expect((3 * x).elements == [3, -6])
    #expect((x / 4).elements == [0.25, -0.5])
    #expect((4 / x).elements == [4, -2])
  }

  @Test func `the larger of each pair`() {
    let (x, y) = (Tensor([1, 5, 3], shape: [3]), Tensor([2, 4, 3], shape: [3]))
    #expect(maximum(x, y).elements == [2, 5, 3])
    #expect(maximum(x, Tensor(2)).elements == [2, 5, 3])
  }

  @Test func `NaN is never hidden`() {
    let (x, y) = (Tensor([.nan, 1], shape: [2]), Tensor([1, .nan], shape: [2]))
    #expect(maximum(x, y).elements.allSatisfy { $0.isNaN })
  }

  @Test func `equal elements share the gradient`() {
    let slopes = gradient(at: [Tensor([1, 5, 3], shape: [3]), Tensor([2, 4, 3], shape: [3])]) {
      maximum($0[0], $0[1]).sum()
    }
    #expect(slopes[0].elements == [0, 1, 0.5])
    #expect(slopes[1].elements == [1, 0, 0.5])
  }
}

@Suite struct FunctionsTests {
  @Test func `functions agree with Foundation`() {
    let x = Tensor.wave([4, 50], scale: 4)
    let positive = Tensor.wave([4, 50], offset: 1.2)
    func check(_ found: Tensor, _ input: Tensor, _ exact: (Double) -> Double) {
      #expect(found.shape == input.shape)
      for (value, argument) in zip(found.elements, input.elements) {
        let expected = exact(Double(argument))
        #expect(Swift.abs(Double(value) - expected) < tolerance(4e-7, 1e-15) * max(1, Swift.abs(expected)))
      }
    }
    check(exp(x), x) { Foundation.exp($0) }
    check(log(positive), positive) { Foundation.log($0) }
    check(square(x), x) { $0 * $0 }
    check(sqrt(positive), positive) { $0.squareRoot() }
    check(abs(x), x) { $0.magnitude }
    check(clamp(x, -1, 2), x) { min(max($0, -1), 2) }
    check(tanh(x), x) { Foundation.tanh($0) }
    check(sigmoid(x), x) { 1 / (1 + Foundation.exp(-$0)) }
  }

  @Test func `clamp lets NaN through, and the gradient up to its ends`() {
    #expect(clamp(Tensor(.nan), 0, 1).scalar.isNaN)
    let slope = gradient(at: Tensor([-1, 0, 0.5, 1, 2], shape: [5])) { clamp($0, 0, 1).sum() }
    #expect(slope.elements == [0, 1, 1, 1, 0])
  }

  @Test func `slopes at corners`() {
    #expect(gradient(at: Tensor(0)) { abs($0) }.scalar == 0)
    #expect(gradient(at: Tensor(-2)) { abs($0) }.scalar == -1)
    #expect(gradient(at: Tensor(0)) { sqrt($0) }.scalar == .infinity)
    #expect(log(Tensor(0)).scalar == -.infinity && log(Tensor(-1)).scalar.isNaN)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Tensors

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

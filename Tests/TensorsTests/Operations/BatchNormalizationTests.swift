import TestSupport
import Testing

@testable import Tensors

@Suite struct BatchNormalizationTests {
  @Test func `means and variances are those of each channel over all pixels`() {
    let x = Tensor([1, 10, 2, 20, 3, 30, 6, 60], shape: [2, 1, 2, 2])
    let (value, mean, variance) = batchNormalized(
      x, weight: Tensor([1, 2], shape: [2]), bias: Tensor([0, 5], shape: [2]), epsilon: 0)
    #expect(mean.elements == [3, 30] && variance.elements == [3.5, 350])
    #expect(abs(value[0, 0, 0, 0] + 2 / Scalar(3.5).squareRoot()) < 1e-5)
    #expect(abs(value[1, 0, 1, 1] - (5 + 2 * 30 / Scalar(350).squareRoot())) < 1e-5)
  }

  @Test func `a large mean costs no precision of the variance`() {
    let x = Tensor.noise("x", [2, 16, 16, 1])
    func variance(_ x: Tensor) -> Scalar {
      batchNormalized(x, weight: .ones([1]), bias: .zeros([1]), epsilon: 0).variance.scalar
    }
    #expect(abs(variance(x + 1000) / variance(x) - 1) < 1e-3)
  }

  @Test func `no gradient flows through the statistics`() {
    let slope = gradient(at: Tensor.noise("x", [1, 2, 2, 1])) { x in
      let made = batchNormalized(x, weight: .ones([1]), bias: .zeros([1]), epsilon: 0.1)
      return (made.mean + made.variance).sum()
    }
    #expect(slope.elements.allSatisfy { $0 == 0 })
  }

  /// Many blocks of pixels; the second derivative goes through the formula, the first does not.
  @Test(arguments: [Activation.identity, .relu, .leakyReLU(slope: 0.2), .elu])
  func `the gradient in passing is that of the formula`(activation: Activation) {
    let x = Tensor.noise("x", [2, 30, 23, 24])
    let (weight, bias) = (Tensor.noise("weight", [24]) + 2, Tensor.noise("bias", [24]))
    let cotangent = Tensor.noise("cotangent", x.shape)
    func gradients() -> [Tensor] {
      gradient(at: [x, weight, bias]) {
        let value = batchNormalized($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1, activation: activation).value
        return (value * cotangent).sum()
      }
    }
    var formula: [Tensor] = []
    Tape(watching: []).record { formula = gradients() }
    for (found, expected) in zip(gradients(), formula) {
      #expect(found.largestDifference(from: expected) < tolerance(2e-3, 1e-10))
    }
  }
}

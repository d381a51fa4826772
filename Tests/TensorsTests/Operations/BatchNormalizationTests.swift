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
}

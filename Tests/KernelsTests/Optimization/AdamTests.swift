import TestSupport
import Testing

@testable import Kernels

@Suite struct AdamTests {
  /// Algorithm 1 of Kingma and Ba, step by step, in `Double`.
  @Test(arguments: [1, 17, 100_000])
  func `steps follow the paper's formula`(count: Int) {
    let (rate, beta1, beta2, epsilon) = (0.01, 0.5, 0.9, 1e-8)
    var parameter = wave(count)
    var (mean, variance) = ([Scalar](repeating: 0, count: count), [Scalar](repeating: 0, count: count))
    var exact = parameter.map { (p: Double($0), m: 0.0, v: 0.0) }
    for step in 1...4 {
      let gradient = wave(count, frequency: 0.2 * Double(step), phase: Double(step), offset: 0.3)
      let (correction1, correction2) = (1 - power(beta1, step), 1 - power(beta2, step))
      adamStep(
        count, stepSize: Scalar(rate * correction2.squareRoot() / correction1), beta1: Scalar(beta1),
        beta2: Scalar(beta2), epsilon: Scalar(epsilon), gradient: gradient, parameter: &parameter, mean: &mean,
        variance: &variance)
      for i in 0..<count {
        let slope = Double(gradient[i])
        exact[i].m = beta1 * exact[i].m + (1 - beta1) * slope
        exact[i].v = beta2 * exact[i].v + (1 - beta2) * slope * slope
        let size = rate * correction2.squareRoot() / correction1
        exact[i].p -= size * exact[i].m / (exact[i].v.squareRoot() + epsilon)
      }
    }
    #expect(largestDifference(parameter, exact.map { Scalar($0.p) }) < tolerance(1e-5, 1e-12))
    #expect(largestDifference(mean, exact.map { Scalar($0.m) }) < tolerance(1e-6, 1e-14))
    #expect(largestDifference(variance, exact.map { Scalar($0.v) }) < tolerance(1e-6, 1e-14))
  }

  @Test func `the first step goes by the learning rate against the gradient's sign`() {
    var parameter: [Scalar] = [1, 1]
    var (mean, variance): ([Scalar], [Scalar]) = ([0, 0], [0, 0])
    let size = 0.1 * (1 - 0.999).squareRoot() / (1 - 0.9)
    adamStep(
      2, stepSize: Scalar(size), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradient: [100, -0.01],
      parameter: &parameter, mean: &mean, variance: &variance)
    #expect(largestDifference(parameter, [0.9, 1.1]) < 1e-4)
  }

  @Test func `no gradient, no movement`() {
    var parameter: [Scalar] = [1]
    var (mean, variance): ([Scalar], [Scalar]) = ([0], [0])
    adamStep(
      1, stepSize: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradient: [0], parameter: &parameter, mean: &mean,
      variance: &variance)
    #expect(parameter == [1])
  }

  @Test func `the moving average goes by one minus the decay`() {
    var average: [Scalar] = [0, 8]
    movingAverageStep(2, decay: 0.75, value: [4, 4], average: &average)
    #expect(average == [1, 7])
    movingAverageStep(2, decay: 1, value: [100, 100], average: &average)
    #expect(average == [1, 7])
    movingAverageStep(2, decay: 0, value: [2, 3], average: &average)
    #expect(average == [2, 3])
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}

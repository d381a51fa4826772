import TestSupport
import Testing

@testable import Kernels

@Suite struct ActivationTests {
  private let x: [Scalar] = [-3, -0.5, 0, 0.25, 2]

  @Test func `values on both sides of zero`() {
    #expect(values(.identity) == x)
    #expect(values(.relu) == [0, 0, 0, 0.25, 2])
    #expect(values(.leakyReLU(slope: 0.5)) == [-1.5, -0.25, 0, 0.25, 2])
    #expect(values(.elu) == output(5) { elu(5, x, into: $0) })
  }

  @Test func `slopes follow from the output`() {
    #expect(slopes(.identity) == [2, 2, 2, 2, 2])
    #expect(slopes(.relu) == [0, 0, 0, 2, 2])
    #expect(slopes(.leakyReLU(slope: 0.5)) == [1, 1, 1, 2, 2])
    let powers = output(5) { exponential(5, x, into: $0) }.map { 2 * min(1, $0) }
    #expect(largestDifference(slopes(.elu), powers) < tolerance(3e-7, 1e-15))
  }

  private func values(_ activation: Activation) -> [Scalar] {
    output(5) {
      $0.update(from: x, count: 5)
      activate(activation, 5, $0)
    }
  }

  private func slopes(_ activation: Activation) -> [Scalar] {
    let (values, cotangent) = (values(activation), [Scalar](repeating: 2, count: 5))
    return output(5) { activationGradient(activation, count: 5, output: values, cotangent: cotangent, into: $0) }
  }
}

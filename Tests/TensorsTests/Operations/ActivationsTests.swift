import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct ActivationsTests {
  private let x = Tensor([-2, -0.5, 0, 0.5, 3], shape: [5])

  static let cases: [(Activation, negative: Double, positive: Double)] = [
    (.identity, -1, 2), (.relu, 0, 2), (.leakyReLU(slope: 0.3), -0.3, 2), (.elu, -0.632_120_56, 2),
    (.tanh, -0.761_594_16, 0.964_027_58), (.sigmoid, 0.268_941_42, 0.880_797_08),
  ]

  @Test(arguments: cases)
  func `each activation is its function`(_ activation: Activation, _ negative: Double, _ positive: Double) {
    let y = activation(Tensor([-1, 2], shape: [2])).elements
    #expect(Swift.abs(Double(y[0]) - negative) < 1e-6)
    #expect(Swift.abs(Double(y[1]) - positive) < 1e-6)
  }

  @Test func `an activation that an operation cannot apply itself is refused`() async {
    await #expect(processExitsWith: .failure) { _ = gate(.zeros([1, 2]), .tanh) }
    await #expect(processExitsWith: .failure) {
      _ = convolve(.zeros([1, 1, 1, 1]), .zeros([1, 1, 1, 1]), activation: .sigmoid)
    }
    await #expect(processExitsWith: .failure) {
      _ = batchNormalized(
        .zeros([1, 1, 1, 1]), weight: .ones([1]), bias: .zeros([1]), epsilon: 1, activation: .tanh)
    }
  }

  @Test func `values on both sides of zero`() {
    #expect(relu(x).elements == [0, 0, 0, 0.5, 3])
    #expect(leakyReLU(x, slope: 0.5).elements == [-1, -0.25, 0, 0.5, 3])
    #expect(leakyReLU(Tensor(-1)).scalar == -0.2)
    let exact = x.elements.map { $0 > 0 ? $0 : Scalar(Foundation.expm1(Double($0))) }
    #expect(largestDifference(elu(x).elements, exact) < tolerance(1e-7, 1e-15))
  }

  @Test func `slopes on both sides of zero, and at it`() {
    #expect(gradient(at: x) { relu($0).sum() }.elements == [0, 0, 0, 1, 1])
    #expect(gradient(at: x) { leakyReLU($0, slope: 0.5).sum() }.elements == [0.5, 0.5, 0.5, 1, 1])
    let exact = x.elements.map { $0 > 0 ? 1 : Scalar(Foundation.exp(Double($0))) }
    #expect(largestDifference(gradient(at: x) { elu($0).sum() }.elements, exact) < tolerance(2e-7, 1e-15))
  }

  @Test func `NaN is never hidden`() {
    for activation in [{ relu($0) }, { leakyReLU($0) }, { elu($0) }, { gate($0, .elu) }] as [(Tensor) -> Tensor] {
      #expect(activation(Tensor([.nan, .nan], shape: [2])).elements.allSatisfy { $0.isNaN })
    }
  }

  @Test(arguments: [Activation.elu, .relu])
  func `the gate's halves are those of the last axis`(kind: Activation) {
    let x = Tensor.wave([2, 3, 8], scale: 2)
    let (feature, opening) = (x.sliced(axis: -1, 0..<4), x.sliced(axis: -1, 4..<8))
    let expected = (kind == .elu ? elu(feature) : relu(feature)) * sigmoid(opening)
    let found = gate(x, kind)
    #expect(found.shape == [2, 3, 4])
    #expect(found.largestDifference(from: expected) < tolerance(3e-7, 1e-15))
  }

  @Test(arguments: [Activation.elu, .relu])
  func `the gate's own rule is that of its parts`(kind: Activation) {
    let x = Tensor.wave([2, 3, 8], scale: 2)
    let weights = Tensor.wave([2, 3, 4], frequency: 1.3)
    let fused = gradient(at: x) { (gate($0, kind) * weights).sum() }
    let parts = gradient(at: x) { x in
      let (feature, opening) = (x.sliced(axis: -1, 0..<4), x.sliced(axis: -1, 4..<8))
      return ((kind == .elu ? elu(feature) : relu(feature)) * sigmoid(opening) * weights).sum()
    }
    #expect(fused.largestDifference(from: parts) < tolerance(5e-7, 1e-14))
  }
}

import Foundation
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

@Suite struct GateTests {
  static let sizes = [(pixels: 1, channels: 1), (7, 3), (9, 8), (5, 24), (4_000, 20), (0, 4)]

  private func activation(_ kind: Activation, _ x: Double) -> (value: Double, slope: Double) {
    switch kind {
    case .relu: x > 0 ? (x, 1) : (0, 0)
    default: x > 0 ? (x, 1) : (Foundation.expm1(x), Foundation.exp(x))
    }
  }

  private func opening(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }

  @Test(arguments: [Activation.elu, .relu], sizes)
  func `the gate is activation times sigmoid`(kind: Activation, size: (pixels: Int, channels: Int)) {
    let (pixels, channels) = size
    let x = wave(pixels * 2 * channels, scale: 3)
    let found = output(pixels * channels) { gate(kind, pixels: pixels, channels: channels, x, into: $0) }
    let expected = (0..<pixels * channels).map { index in
      let feature = index / channels * 2 * channels + index % channels
      return Scalar(activation(kind, Double(x[feature])).value * opening(Double(x[feature + channels])))
    }
    #expect(largestDifference(found, expected) < tolerance(6e-7, 1e-15))
  }

  @Test(arguments: [Activation.elu, .relu], sizes)
  func `its gradient is the formula's`(kind: Activation, size: (pixels: Int, channels: Int)) {
    let (pixels, channels) = size
    let x = wave(pixels * 2 * channels, scale: 3)
    let cotangent = wave(pixels * channels, frequency: 0.77)
    let found = output(pixels * 2 * channels) {
      gateGradient(kind, pixels: pixels, channels: channels, x, cotangent, into: $0)
    }
    var expected = [Scalar](repeating: 0, count: x.count)
    for index in 0..<pixels * channels {
      let feature = index / channels * 2 * channels + index % channels
      let (value, slope) = activation(kind, Double(x[feature]))
      let open = opening(Double(x[feature + channels]))
      expected[feature] = Scalar(Double(cotangent[index]) * slope * open)
      expected[feature + channels] = Scalar(Double(cotangent[index]) * value * open * (1 - open))
    }
    #expect(largestDifference(found, expected) < tolerance(6e-7, 1e-15))
  }

  @Test func `extreme inputs stay finite`() {
    let x: [Scalar] = [1e4, -1e4, -1e4, 1e4]
    let found = output(2) { gate(.elu, pixels: 1, channels: 2, x, into: $0) }
    #expect(abs(found[0]) < 1e-30)
    #expect(found[1] == -1)
    let slopes = output(4) { gateGradient(.elu, pixels: 1, channels: 2, x, [1, 1], into: $0) }
    #expect(slopes.allSatisfy { abs($0) < 1e-30 })
  }
}

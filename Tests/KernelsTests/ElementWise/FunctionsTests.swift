import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct FunctionsTests {
  private let x: [Scalar] = [-2, -0.5, 0, 0.25, 3]

  @Test func `piecewise linear functions`() {
    #expect(output(5) { affine(5, x, factor: 2, offset: 1, into: $0) } == [-3, 0, 1, 1.5, 7])
    #expect(output(5) { leakyReLU(5, x, slope: 0.5, into: $0) } == [-1, -0.25, 0, 0.25, 3])
    #expect(output(5) { leakyStep(5, x, slope: 0.5, into: $0) } == [0.5, 0.5, 0.5, 1, 1])
    #expect(output(5) { absoluteValue(5, x, into: $0) } == [2, 0.5, 0, 0.25, 3])
    #expect(output(5) { sign(5, x, into: $0) } == [-1, -1, 0, 1, 1])
    #expect(output(5) { clamp(5, x, -0.5, 1, into: $0) } == [-0.5, -0.5, 0, 0.25, 1])
    #expect(output(5) { inside(5, x, -0.5, 0.25, into: $0) } == [0, 1, 1, 1, 0])
    #expect(output(5) { fill(5, 7, into: $0) } == [7, 7, 7, 7, 7])
  }

  @Test func `clamp keeps NaN`() {
    #expect(output(1) { clamp(1, [.nan], -1, 1, into: $0) }[0].isNaN)
    #expect(output(2) { clamp(2, [-.infinity, .infinity], -1, 1, into: $0) } == [-1, 1])
  }

  @Test func `smooth functions agree with Foundation, beyond one thread's share`() {
    let count = 100_003
    let x = wave(count, scale: 5)
    let positive = wave(count, offset: 1.1)
    func check(_ input: [Scalar], _ kernel: (Int, Source, Destination) -> Void, _ exact: (Double) -> Double) {
      let found = output(count) { kernel(count, input, $0) }
      let worst = zip(found, input).map { abs(Double($0) - exact(Double($1))) / max(1, abs(exact(Double($1)))) }.max()!
      #expect(worst < tolerance(3e-7, 1e-15))
    }
    check(x, { exponential($0, $1, into: $2) }, { Foundation.exp($0) })
    check(x, { hyperbolicTangent($0, $1, into: $2) }, { Foundation.tanh($0) })
    check(x, { sigmoid($0, $1, into: $2) }, { 1 / (1 + Foundation.exp(-$0)) })
    check(x, { elu($0, $1, into: $2) }, { $0 > 0 ? $0 : Foundation.expm1($0) })
    check(x, { gelu($0, $1, into: $2) }, { 0.5 * $0 * (1 + Foundation.erf($0 / 2.squareRoot())) })
    check(
      x, { geluSlope($0, $1, into: $2) },
      { 0.5 * (1 + Foundation.erf($0 / 2.squareRoot())) + $0 * Foundation.exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() })
    check(positive, { squareRoot($0, $1, into: $2) }, { $0.squareRoot() })
  }

  @Test func `no elements are no work`() {
    #expect(output(0) { exponential(0, [], into: $0) } == [])
  }

  @Test(arguments: [Scalar.nan, .infinity, -.infinity, .signalingNaN])
  func `a single broken value is found anywhere`(broken: Scalar) {
    var x = wave(1_003)
    #expect(allFinite(x.count, x))
    for place in [0, 501, 1_002] {
      x[place] = broken
      #expect(!allFinite(x.count, x))
      x[place] = 0
    }
    #expect(allFinite(1, [.greatestFiniteMagnitude]))
    #expect(allFinite(0, []))
  }
}

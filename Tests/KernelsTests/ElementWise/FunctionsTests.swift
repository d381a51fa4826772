import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct FunctionsTests {
  private let x: [Scalar] = [-2, -0.5, 0, 0.25, 3]

  @Test func `piecewise linear functions`() {
    #expect(output(5) { affine(5, x, factor: 2, offset: 1, into: $0) } == [-3, 0, 1, 1.5, 7])
    #expect(output(5) { leakyReLU(5, x, slope: 0.5, into: $0) } == [-1, -0.25, 0, 0.25, 3])
    #expect(output(5) { leakyReLUDerivative(5, x, slope: 0.5, into: $0) } == [0.5, 0.5, 0.5, 1, 1])
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
      x, { geluDerivative($0, $1, into: $2) },
      { 0.5 * (1 + Foundation.erf($0 / 2.squareRoot())) + $0 * Foundation.exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() })
    check(positive, { squareRoot($0, $1, into: $2) }, { $0.squareRoot() })
  }

  @Test func `no elements are no work`() {
    #expect(output(0) { exponential(0, [], into: $0) } == [])
  }

  @Test(arguments: [Scalar.nan, .infinity, -.infinity, .signalingNaN])
  func `a single broken value is found anywhere`(broken: Scalar) {
    // More than the share of one task.
    var x = wave(140_000)
    #expect(allFinite(x.count, x))
    for place in [0, 501, 131_072, 139_999] {
      x[place] = broken
      #expect(!allFinite(x.count, x))
      x[place] = 0
    }
    #expect(allFinite(1, [.greatestFiniteMagnitude]))
    #expect(allFinite(0, []))
  }
}

@Suite struct ExponentialTests {
  /// The range of arguments whose exponential is a normal number.
  private let range = isDoublePrecision ? -708.0...709.0 : -87.3...88.3

  @Test func `the relative error is below 2e-7 over the whole range`() {
    let steps = 400_000
    var worst = 0.0
    for step in 0...steps {
      let x = Scalar(range.lowerBound + (range.upperBound - range.lowerBound) * Double(step) / Double(steps))
      let exact = Foundation.exp(Double(x))
      worst = max(worst, abs(Double(Kernels.exponential(x)) - exact) / exact)
    }
    #expect(worst < tolerance(2e-7, 1e-15))
  }

  @Test func `the relative error stays small around zero`() {
    for power in 1...30 {
      let size = Scalar(sign: .plus, exponent: -power, significand: 1)
      for x in [size, -size] {
        #expect(abs(Double(Kernels.exponential(x)) - Foundation.exp(Double(x))) < tolerance(1.3e-7, 1e-15))
      }
    }
    #expect(Kernels.exponential(0) == 1)
    #expect(Kernels.exponential(-0.0) == 1)
  }

  @Test func `NaN gives NaN`() {
    #expect(Kernels.exponential(Scalar.nan).isNaN)
    #expect(Kernels.exponential(-Scalar.nan).isNaN)
  }

  @Test func `very small arguments give next to nothing`() {
    let arguments: [Scalar] = [-.infinity, -Scalar.greatestFiniteMagnitude, -1e5, -1000]
    for x in arguments {
      let result = Kernels.exponential(x)
      #expect(result >= 0 && result < 1.3e-38)
    }
  }

  @Test func `very large arguments give more than 2e38`() {
    let arguments: [Scalar] = [.infinity, Scalar.greatestFiniteMagnitude, 1e5, 88.7]
    for x in arguments { #expect(Kernels.exponential(x) > 2e38) }
  }

  @Test func `it never falls where the argument rises`() {
    var last: Scalar = 0
    var falls = 0
    for step in -20_000...20_000 {
      let value = Kernels.exponential(Scalar(step) / 200)
      if value < last * (1 - 4 * Scalar.ulpOfOne) { falls += 1 }
      last = value
    }
    #expect(falls == 0)
  }

  @Test func `eight at a time are the same bit for bit`() {
    let edges: [Scalar] = [.infinity, -.infinity, 0, -0.0, 88.4, -87.4, 1e30, -1e30]
    let steps = (-2_000..<2_000).map { Scalar($0) * 0.0437 }
    let arguments = edges + steps
    for first in stride(from: 0, to: arguments.count, by: 8) {
      let eight = Lanes(arguments[first..<first + 8])
      let (powers, openings) = (Kernels.exponential(eight), Kernels.sigmoid(eight))
      for lane in eight.indices {
        #expect(powers[lane].bitPattern == Kernels.exponential(eight[lane]).bitPattern)
        #expect(openings[lane].bitPattern == Kernels.sigmoid(eight[lane]).bitPattern)
      }
    }
    var withNaN = Lanes(repeating: 1)
    withNaN[3] = .nan
    #expect(Kernels.exponential(withNaN)[3].isNaN)
    #expect(Kernels.exponential(withNaN)[4] == Kernels.exponential(1))
  }

  @Test func `sigmoid agrees with the exact value and saturates`() {
    for step in -400...400 {
      let x = Double(step) / 10
      #expect(abs(Double(Kernels.sigmoid(Scalar(x))) - 1 / (1 + Foundation.exp(-x))) < tolerance(2e-7, 1e-15))
    }
    #expect(Kernels.sigmoid(Scalar.infinity) == 1)
    #expect(Kernels.sigmoid(-Scalar.infinity) < 1e-37)
    #expect(Kernels.sigmoid(Scalar.nan).isNaN)
  }

  @Test func `ELU on both sides of zero`() {
    #expect(Kernels.elu(2) == 2)
    #expect(Kernels.elu(0) == 0)
    #expect(abs(Double(Kernels.elu(-1)) + 0.632_120_558_828_557_7) < tolerance(1e-7, 1e-15))
    #expect(Kernels.elu(-Scalar.infinity) == -1)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Kernels

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

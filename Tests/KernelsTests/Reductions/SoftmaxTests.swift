import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct SoftmaxTests {
  @Test(arguments: [(1, 1), (3, 2), (5, 7), (4, 1_024), (3_000, 33)])
  func `each row agrees with the formula and sums to 1`(rows: Int, count: Int) {
    let x = wave(rows * count, scale: 6)
    let found = output(rows * count) { softmax(rows: rows, count: count, x, into: $0) }
    var worst = 0.0
    for row in 0..<rows {
      let places = row * count..<(row + 1) * count
      let powers = x[places].map { Foundation.exp(Double($0)) }
      let total = powers.reduce(0, +)
      for (value, power) in zip(found[places], powers) { worst = max(worst, abs(Double(value) - power / total)) }
      #expect(abs(found[places].reduce(0) { $0 + Double($1) } - 1) < tolerance(2e-6, 1e-14))
    }
    #expect(worst < tolerance(1e-6, 1e-14))
  }

  @Test func `large values do not overflow`() {
    let found = output(3) { softmax(rows: 1, count: 3, [1e30, 1e30, -1e30], into: $0) }
    #expect(largestDifference(found, [0.5, 0.5, 0]) < 1e-6)
    let shifted = output(2) { softmax(rows: 1, count: 2, [1000, 1001], into: $0) }
    #expect(abs(Double(shifted[1]) - 1 / (1 + Foundation.exp(-1.0))) < tolerance(2e-7, 1e-15))
  }

  @Test func `minus infinity gets nothing`() {
    let found = output(3) { softmax(rows: 1, count: 3, [-.infinity, 0, 0], into: $0) }
    #expect(largestDifference(found, [0, 0.5, 0.5]) < 1e-30)
  }

  @Test func `NaN spoils its own row only`() {
    let found = output(4) { softmax(rows: 2, count: 2, [.nan, 0, 0, 0], into: $0) }
    #expect(found[0].isNaN && found[1].isNaN)
    #expect(found[2...] == [0.5, 0.5])
  }
}

@Suite struct MaskedSoftmaxTests {
  static let valid: [Scalar] = (0..<2 * 37).map { $0 % 5 == 1 || $0 % 7 == 3 ? 0 : 1 }

  @Test(arguments: [0, 37])
  func `columns that cannot be used score 0 and weigh nothing`(step: Int) {
    let x = wave(2 * 3 * 37, frequency: 1.7)
    let found = output(x.count) {
      maskedSoftmax(
        batch: 2, rows: 3, count: 37, scale: 4, valid: Self.valid, validStep: step, x, into: $0)
    }
    for row in 0..<6 {
      let valid = (0..<37).map { Double(Self.valid[row / 3 * step + $0]) }
      let powers = (0..<37).map { Foundation.exp(4 * valid[$0] * Double(x[row * 37 + $0])) }
      let total = powers.reduce(0, +)
      let worst = (0..<37).map { abs(Double(found[row * 37 + $0]) - powers[$0] / total * valid[$0]) }.max()!
      #expect(worst < tolerance(5e-7, 1e-15))
    }
  }

  @Test func `its gradient is the formula`() {
    let (y, cotangent) = (wave(3 * 37, scale: 0.1, offset: 0.1), wave(3 * 37, frequency: 1.9))
    let found = output(y.count) { maskedSoftmaxGradient(rows: 3, count: 37, scale: 4, y, cotangent, into: $0) }
    let expected = y.indices.map { index -> Scalar in
      let row = index / 37 * 37..<index / 37 * 37 + 37
      let mean = row.reduce(Scalar(0)) { $0 + y[$1] * cotangent[$1] }
      return 4 * y[index] * (cotangent[index] - mean)
    }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }
}

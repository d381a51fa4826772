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

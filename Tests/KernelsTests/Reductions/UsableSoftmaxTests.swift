import Foundation
import TestSupport
import Testing

@testable import Kernels

@Suite struct UsableSoftmaxTests {
  static let usable: [Scalar] = (0..<2 * 37).map { $0 % 5 == 1 || $0 % 7 == 3 ? 0 : 1 }

  @Test(arguments: [0, 37])
  func `columns that cannot be used score 0 and weigh nothing`(step: Int) {
    let x = wave(2 * 3 * 37, frequency: 1.7)
    let found = output(x.count) {
      usableSoftmax(
        batch: 2, rows: 3, count: 37, scale: 4, usable: Self.usable, usableStep: step, x, into: $0)
    }
    for row in 0..<6 {
      let usable = (0..<37).map { Double(Self.usable[row / 3 * step + $0]) }
      let powers = (0..<37).map { Foundation.exp(4 * usable[$0] * Double(x[row * 37 + $0])) }
      let total = powers.reduce(0, +)
      let worst = (0..<37).map { abs(Double(found[row * 37 + $0]) - powers[$0] / total * usable[$0]) }.max()!
      #expect(worst < tolerance(5e-7, 1e-15))
    }
  }

  @Test func `its gradient is the formula`() {
    let (y, cotangent) = (wave(3 * 37, scale: 0.1, offset: 0.1), wave(3 * 37, frequency: 1.9))
    let found = output(y.count) { usableSoftmaxGradient(rows: 3, count: 37, scale: 4, y, cotangent, into: $0) }
    let expected = y.indices.map { index -> Scalar in
      let row = index / 37 * 37..<index / 37 * 37 + 37
      let mean = row.reduce(Scalar(0)) { $0 + y[$1] * cotangent[$1] }
      return 4 * y[index] * (cotangent[index] - mean)
    }
    #expect(largestDifference(found, expected) < tolerance(2e-6, 1e-14))
  }
}

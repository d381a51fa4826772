import TestSupport
import Testing

@testable import Kernels

@Suite struct SumsTests {
  static let sizes: [(outer: Int, count: Int, inner: Int)] = [
    (1, 1, 1), (1, 17, 1), (3, 15, 1), (3, 16, 1), (3, 33, 1), (1, 16_384, 1), (2, 16_385, 1), (2, 50_000, 1),
    (70_000, 2, 1), (1, 5, 3), (4, 5, 3), (2, 40, 2_000), (1, 3, 40_000), (3, 20_000, 2), (2, 3_000, 24),
  ]

  @Test(arguments: sizes)
  func `the middle axis is summed`(outer: Int, count: Int, inner: Int) {
    let x = wave(outer * count * inner, offset: 0.2)
    let found = output(outer * inner) { sum(outer: outer, count: count, inner: inner, x, into: $0) }
    var worst = 0.0
    for (index, value) in found.enumerated() {
      let (block, place) = index.quotientAndRemainder(dividingBy: inner)
      let column = (0..<count).map { Double(x[(block * count + $0) * inner + place]) }
      let scale = column.reduce(0) { $0 + abs($1) }
      worst = max(worst, abs(Double(value) - column.reduce(0, +)) / scale)
    }
    #expect(worst < tolerance(2e-6, 1e-14))
  }

  @Test func `an empty axis sums to zero`() {
    #expect(output(3) { sum(outer: 3, count: 0, inner: 1, [], into: $0) } == [0, 0, 0])
    #expect(output(6) { sum(outer: 2, count: 0, inner: 3, [], into: $0) } == [0, 0, 0, 0, 0, 0])
    #expect(output(0) { sum(outer: 0, count: 5, inner: 1, [], into: $0) } == [])
    #expect(output(0) { sum(outer: 2, count: 5, inner: 0, [], into: $0) } == [])
  }

  /// One running sum of ten million tenths is off by 9 % in 32 bits.
  @Test func `a long sum stays accurate`() {
    let count = 10_000_000
    let tenths = [Scalar](repeating: 0.1, count: count)
    let total = Double(output(1) { sum(outer: 1, count: count, inner: 1, tenths, into: $0) }[0])
    let exact = Double(count) * Double(Scalar(0.1))
    #expect(abs(total - exact) / exact < tolerance(2e-5, 1e-13))
  }

  @Test(arguments: [2, 3, 24])
  func `a long sum over rows stays accurate`(inner: Int) {
    let count = 4_000_000 / inner
    let tenths = [Scalar](repeating: 0.1, count: count * inner)
    let totals = output(inner) { sum(outer: 1, count: count, inner: inner, tenths, into: $0) }
    let exact = Double(count) * Double(Scalar(0.1))
    for total in totals { #expect(abs(Double(total) - exact) / exact < tolerance(3e-4, 1e-12)) }
  }

  @Test func `NaN and infinity reach the sum`() {
    var x = wave(40_000)
    x[39_999] = .nan
    #expect(output(1) { sum(outer: 1, count: 40_000, inner: 1, x, into: $0) }[0].isNaN)
    x[39_999] = .infinity
    #expect(output(1) { sum(outer: 1, count: 40_000, inner: 1, x, into: $0) }[0] == .infinity)
  }
}

@Suite struct DotProductTests {
  @Test(arguments: [0, 1, 15, 16, 17, 50_000])
  func `every product counts once`(count: Int) {
    let (x, y) = (wave(count), wave(count, frequency: 0.61, offset: 0.2))
    let expected = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(dotProduct(count, x, y)) - expected) < tolerance(2e-3, 1e-10))
  }
}

@Suite struct MaximaTests {
  @Test(arguments: [(1, 1, 1), (1, 9, 1), (4, 5, 1), (3, 4, 5), (2, 100, 300), (40_000, 2, 1)])
  func `the largest along the middle axis`(outer: Int, count: Int, inner: Int) {
    let x = wave(outer * count * inner, frequency: 1.7, offset: -3)
    let found = output(outer * inner) { maximum(outer: outer, count: count, inner: inner, x, into: $0) }
    let expected = (0..<outer * inner).map { index in
      let (block, place) = index.quotientAndRemainder(dividingBy: inner)
      return (0..<count).map { x[(block * count + $0) * inner + place] }.max()!
    }
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }

  @Test(arguments: 0..<3)
  func `NaN wins wherever it stands`(place: Int) {
    var x: [Scalar] = [1, 5, 2]
    x[place] = .nan
    #expect(output(1) { maximum(outer: 1, count: 3, inner: 1, x, into: $0) }[0].isNaN)
  }

  @Test func `minus infinity is a number like others`() {
    #expect(output(1) { maximum(outer: 1, count: 2, inner: 1, [-.infinity, -.infinity], into: $0) } == [-.infinity])
  }
}

@Suite struct ArgmaxTests {
  @Test func `the first of equal ones wins, whatever the sign`() {
    let x: [Scalar] = [0, 2, 2, 0, 0, 0, -3, -1, -2, 5, 1, .nan, .nan, .nan, .nan]
    var found = [Int](repeating: 7, count: 5)
    argmax(rows: 5, count: 3, x, into: &found)
    #expect(found == [1, 0, 1, 0, 0])
  }
}

import TestSupport
import Testing

@testable import Kernels

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

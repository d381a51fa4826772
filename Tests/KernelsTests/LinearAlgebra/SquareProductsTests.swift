import TestSupport
import Testing

@testable import Kernels

@Suite struct SquareProductsTests {
  @Test func `every product is the same one`() {
    let a: [Scalar] = [1, 2, 3, 4]
    let b: [Scalar] = [5, 6, 7, 8]
    let found = output(3 * 4) { multiplySquares(count: 3, size: 2, a, b, into: $0) }
    #expect(found == [19, 22, 43, 50, 19, 22, 43, 50, 19, 22, 43, 50])
  }
}

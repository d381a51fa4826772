import Testing

@testable import Kernels

@Suite struct ArgmaxTests {
  @Test func `the first of equal ones wins, whatever the sign`() {
    let x: [Scalar] = [0, 2, 2, 0, 0, 0, -3, -1, -2, 5, 1, .nan, .nan, .nan, .nan]
    var found = [Int](repeating: 7, count: 5)
    argmax(rows: 5, count: 3, x, into: &found)
    #expect(found == [1, 0, 1, 0, 0])
  }
}

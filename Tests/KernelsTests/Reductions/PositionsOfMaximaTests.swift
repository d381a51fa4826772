import Testing

@testable import Kernels

@Suite struct PositionsOfMaximaTests {
  @Test func `the first of equal ones wins, and rows of zeros have none`() {
    let x: [Scalar] = [0, 2, 2, 0, 0, 0, -1, -2, 0, 5, 1, 0]
    var found = [Int](repeating: 7, count: 4)
    positionsOfMaxima(rows: 4, count: 3, x, into: &found)
    #expect(found == [1, -1, -1, 0])
  }
}

import TestSupport
import Testing

@testable import Kernels

@Suite struct DiagonalSumTests {
  @Test(arguments: [(1, 1), (1, 2), (3, 3), (2, 5), (2, 300), (0, 4)])
  func `neighbours along the diagonal are added, zeros outside`(batch: Int, size: Int) {
    let x = wave(batch * size * size)
    let found = output(x.count) { diagonalSum(batch: batch, size: size, x, into: $0) }
    func value(_ matrix: Int, _ i: Int, _ j: Int) -> Scalar {
      i >= 0 && j >= 0 && i < size && j < size ? x[(matrix * size + i) * size + j] : 0
    }
    let expected = (0..<x.count).map { index in
      let (matrix, i, j) = (index / (size * size), index / size % size, index % size)
      return value(matrix, i - 1, j - 1) + value(matrix, i, j) + value(matrix, i + 1, j + 1)
    }
    #expect(largestDifference(found, expected) < tolerance(1e-6, 1e-14))
  }
}

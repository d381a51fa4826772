import TestSupport
import Testing

@testable import Kernels

@Suite struct MatrixProductTests {
  static let sizes: [(batch: Int, m: Int, n: Int, k: Int)] = [
    (1, 1, 1, 1), (1, 2, 3, 4), (3, 5, 4, 7), (2, 128, 9, 5), (2, 129, 9, 5), (1, 300, 17, 33), (4, 1, 64, 3),
    (0, 2, 2, 2), (2, 0, 3, 4),
  ]

  @Test(arguments: sizes, [(false, false), (true, false), (false, true), (true, true)])
  func `products of a batch agree with naive ones`(
    size: (batch: Int, m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)
  ) {
    for shared in [(a: false, b: false), (true, false), (false, true)] {
      check(size, transposed, shared)
    }
  }

  private func check(
    _ size: (batch: Int, m: Int, n: Int, k: Int), _ transposed: (a: Bool, b: Bool), _ shared: (a: Bool, b: Bool)
  ) {
    let (batch, m, n, k) = size
    let (aStride, bStride) = (shared.a ? 0 : m * k, shared.b ? 0 : k * n)
    let a = wave(max(1, shared.a ? 1 : batch) * m * k)
    let b = wave(max(1, shared.b ? 1 : batch) * k * n, frequency: 0.83, phase: 1)
    let found = output(batch * m * n) {
      multiplyBatch(
        batch: batch, m: m, n: n, k: k, a, transposeA: transposed.a, aBatchStride: aStride, b,
        transposeB: transposed.b, bBatchStride: bStride, into: $0)
    }
    let expected = (0..<batch * m * n).map { index in
      let (matrix, row, column) = (index / (m * n), index / n % m, index % n)
      return Scalar(
        (0..<k).reduce(0.0) { sum, i in
          let left = a[matrix * aStride + (transposed.a ? i * m + row : row * k + i)]
          let right = b[matrix * bStride + (transposed.b ? column * k + i : i * n + column)]
          return sum + Double(left) * Double(right)
        })
    }
    #expect(largestDifference(found, expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `rows may lie apart, and products may be added`() {
    // 2 x 2 matrices inside rows of 3, 4 and 5 elements; 9 marks what must not be read.
    let a: [Scalar] = [1, 2, 9, 3, 4, 9]
    let b: [Scalar] = [5, 6, 9, 9, 7, 8, 9, 9]
    var c: [Scalar] = [1, 1, -1, -1, -1, 1, 1, -1, -1, -1]
    multiply(m: 2, n: 2, k: 2, a, aStride: 3, b, bStride: 4, into: &c, cStride: 5, accumulate: true)
    #expect(c == [20, 23, -1, -1, -1, 44, 51, -1, -1, -1])
    multiply(m: 2, n: 2, k: 2, a, aStride: 3, b, bStride: 4, into: &c, cStride: 5)
    #expect(c == [19, 22, -1, -1, -1, 43, 50, -1, -1, -1])
  }

  @Test func `the library tells its name and version`() {
    #expect(!BLAS.kernelName.isEmpty)
    #expect(BLAS.version.contains("OpenBLAS"))
  }
}

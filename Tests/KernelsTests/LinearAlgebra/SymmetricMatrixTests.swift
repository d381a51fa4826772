import Foundation
import Testing

@testable import Kernels

@Suite struct SymmetricMatrixTests {
  /// Σ vₖ vₖᵀ of so many vectors of waves: singular if they are fewer than the size.
  private func scatter(size: Int, vectors: Int) -> SymmetricMatrix {
    var matrix = SymmetricMatrix(zerosOfSize: size)
    for vector in 0..<vectors {
      let values = (0..<size).map { sin(1.9 * Double(vector * size + $0) + 0.3) }
      matrix.addOuterProduct(of: values, scale: Double(vector + 1))
    }
    return matrix
  }

  private func largestDifference(_ left: SymmetricMatrix, _ right: SymmetricMatrix) -> Double {
    var worst = 0.0
    for row in 0..<left.size {
      for column in 0..<left.size { worst = max(worst, abs(left[row, column] - right[row, column])) }
    }
    return worst
  }

  private func identity(_ size: Int) -> SymmetricMatrix {
    var matrix = SymmetricMatrix(zerosOfSize: size)
    for index in 0..<size { matrix[index, index] = 1 }
    return matrix
  }

  @Test func `outer products add up in both triangles`() {
    var matrix = SymmetricMatrix(zerosOfSize: 2)
    matrix.addOuterProduct(of: [1, 2], scale: 3)
    matrix.addOuterProduct(of: [1, 0], scale: -1)
    #expect([matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]] == [2, 6, 6, 12])
    #expect(matrix.trace == 14 && matrix.scaled(by: 0.5)[1, 0] == 3)
  }

  /// [[2, 1], [1, 2]] has the eigenvalues 1 and 3.
  @Test func `eigenvalues of a known matrix, smallest first`() throws {
    var matrix = SymmetricMatrix(zerosOfSize: 2)
    (matrix[0, 0], matrix[1, 1], matrix[1, 0]) = (2, 2, 1)
    let values = try #require(matrix.eigenvalues())
    #expect(abs(values[0] - 1) < 1e-14 && abs(values[1] - 3) < 1e-14)
  }

  @Test(arguments: [(1, 1), (5, 9), (30, 40), (30, 12)])
  func `the square root times itself is the matrix, a singular one too`(size: Int, vectors: Int) throws {
    let matrix = scatter(size: size, vectors: vectors)
    let root = try #require(matrix.squareRoot())
    #expect(largestDifference(identity(size).between(root), matrix) < 1e-12 * matrix.trace)
    let values = try #require(root.eigenvalues())
    #expect(values.allSatisfy { $0 > -1e-6 } && abs(values.reduce(0, +) - root.trace) < 1e-12 * root.trace)
  }

  @Test func `a product between two others is that of loops`() {
    let (middle, outer) = (scatter(size: 4, vectors: 5), scatter(size: 4, vectors: 3))
    let found = middle.between(outer)
    for row in 0..<4 {
      for column in 0..<4 {
        var sum = 0.0
        for i in 0..<4 { for j in 0..<4 { sum += outer[row, i] * middle[i, j] * outer[j, column] } }
        #expect(abs(found[row, column] - sum) < 1e-12 * max(1, abs(sum)))
      }
    }
  }

  @Test func `a matrix with a NaN has no eigenvalues and no root`() {
    var matrix = identity(3)
    matrix[0, 1] = .nan
    #expect(matrix.eigenvalues() == nil && matrix.squareRoot() == nil)
  }
}

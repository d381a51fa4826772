import Foundation
import TestSupport
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

@Suite struct SingularValuesTests {
  @Test func `a diagonal matrix shows its values, largest first`() throws {
    let values = try #require(singularValues(of: [2, 0, 0, 0, -5, 0], rows: 2, columns: 3))
    #expect(largestDifference(values, [5, 2]) < tolerance(1e-6, 1e-14))
  }

  /// [[3, 0], [4, 5]] has the singular values √45 and √5.
  @Test func `a known matrix`() throws {
    let values = try #require(singularValues(of: [3, 0, 4, 5], rows: 2, columns: 2))
    #expect(largestDifference(values, [Scalar(45).squareRoot(), Scalar(5).squareRoot()]) < tolerance(2e-6, 1e-14))
  }

  @Test(arguments: [(1, 1), (1, 6), (6, 1), (7, 4), (4, 7), (30, 30)])
  func `their squares add up to the matrix's, and transposing changes nothing`(rows: Int, columns: Int) throws {
    let matrix = wave(rows * columns, frequency: 1.9)
    let values = try #require(singularValues(of: matrix, rows: rows, columns: columns))
    #expect(values.count == min(rows, columns))
    #expect(values == values.sorted(by: >))
    let squares = matrix.reduce(0) { $0 + Double($1) * Double($1) }
    let found = values.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(found - squares) / squares < tolerance(1e-5, 1e-13))
    let transposed = output(matrix.count) { permute(shape: [rows, columns], axes: [1, 0], matrix, into: $0) }
    let same = try #require(singularValues(of: transposed, rows: columns, columns: rows))
    #expect(largestDifference(values, same) < tolerance(2e-5, 1e-13))
  }

  @Test func `the matrix is not changed`() throws {
    let matrix = wave(12)
    _ = try #require(singularValues(of: matrix, rows: 3, columns: 4))
    #expect(matrix == wave(12))
  }
}

import TestSupport
import Testing

@testable import Kernels

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

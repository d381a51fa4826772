import TestSupport
import Testing

@testable import Kernels

@Suite struct ShiftedSumTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let source, result: (height: Int, width: Int)
    let offsets: ClosedRange<Int>
    let rows: [Int]
    var testDescription: String { "\(source) to \(result) by \(offsets), rows \(rows)" }
  }

  static let cases = [
    Case(source: (4, 5), result: (4, 5), offsets: -1...1, rows: [0, 1, 2, 3]),
    Case(source: (4, 5), result: (4, 5), offsets: -1...1, rows: [2, 0]),
    Case(source: (4, 5), result: (3, 4), offsets: 0...1, rows: [0, 1, 2, 3]),
    Case(source: (3, 4), result: (4, 5), offsets: -1...0, rows: [0, 1, 2]),
    Case(source: (1, 1), result: (1, 1), offsets: -1...1, rows: [0]),
    Case(source: (2, 1), result: (2, 1), offsets: -2...2, rows: [0, 1]),
    Case(source: (5, 5), result: (5, 5), offsets: -2...1, rows: [0, 1, 2, 3, 4]),
  ]

  @Test(arguments: cases)
  func `pairs of places are moved together`(check: Case) {
    let (from, to) = (check.source, check.result)
    let length = from.height * from.width
    let x = wave(check.rows.count * from.width * length)
    let sum = ShiftedSum(from: from, to: to, offsets: check.offsets)
    for keyRows in [0..<to.height, to.height / 2..<to.height] {
      for place in 0..<to.height * to.width {
        let (row, column) = (place / to.width, place % to.width)
        let found = output(keyRows.count * to.width) { out in
          x.withUnsafeBufferPointer {
            let rows = PairRows(
              $0.baseAddress!, length: length, gridRows: check.rows, height: from.height, width: from.width)
            sum.row(row, column, of: rows, keyRows: keyRows, into: out)
          }
        }
        let expected = (0..<keyRows.count * to.width).map { key in
          naive(check, x, (row, column), (keyRows.lowerBound + key / to.width, key % to.width))
        }
        #expect(largestDifference(found, expected) < tolerance(5e-6, 1e-14))
      }
    }
  }

  private func naive(_ check: Case, _ x: [Scalar], _ i: (y: Int, x: Int), _ j: (y: Int, x: Int)) -> Scalar {
    let (height, width) = check.source
    var sum: Scalar = 0
    for dy in check.offsets {
      for dx in check.offsets {
        guard let position = check.rows.firstIndex(of: i.y + dy), (0..<width).contains(i.x + dx) else { continue }
        guard (0..<height).contains(j.y + dy), (0..<width).contains(j.x + dx) else { continue }
        sum += x[(position * width + i.x + dx) * height * width + (j.y + dy) * width + j.x + dx]
      }
    }
    return sum
  }
}

import TestSupport
import Testing

@testable import Kernels

@Suite struct DiagonalSumTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let height, width: Int
    let from, to: [Int]
    var testDescription: String { "\(height)x\(width), rows \(from) to \(to)" }

    init(_ height: Int, _ width: Int, from: [Int]? = nil, to: [Int]? = nil) {
      (self.height, self.width) = (height, width)
      self.from = from ?? Array(0..<height)
      self.to = to ?? Array(0..<height)
    }
  }

  static let cases = [
    Case(1, 1), Case(1, 4), Case(4, 1), Case(3, 5), Case(12, 13), Case(4, 3, from: [0, 1, 3], to: [0]),
    Case(4, 3, from: [1, 2], to: [3, 1, 0]),
  ]

  @Test(arguments: cases, [ScanOrder.rows, .columns])
  func `neighbors in either order are added, zeros outside`(check: Case, order: ScanOrder) {
    let (height, width, places) = (check.height, check.width, check.height * check.width)
    let x = wave(2 * check.from.count * width * places)
    let found = output(2 * check.to.count * width * places) {
      diagonalSum(
        order, batch: 2, height: height, width: width, xRows: check.from, outRows: check.to, x, into: $0)
    }
    /// The place that is `step` places after another in the order; nil beyond the ends.
    func neighbor(_ place: Int, _ step: Int) -> Int? {
      let ordered = (0..<places).map { order == .rows ? $0 : $0 % height * width + $0 / height }
      let position = ordered.firstIndex(of: place)! + step
      return ordered.indices.contains(position) ? ordered[position] : nil
    }
    let expected = found.indices.map { index -> Scalar in
      let (line, key) = (index / places, index % places)
      let image = line / (check.to.count * width)
      let query = check.to[line / width % check.to.count] * width + line % width
      return (-1...1).reduce(0) { sum, step in
        guard let i = neighbor(query, step), let j = neighbor(key, step),
          let row = check.from.firstIndex(of: i / width)
        else { return sum }
        return sum + x[((image * check.from.count + row) * width + i % width) * places + j]
      }
    }
    #expect(largestDifference(found, expected) < tolerance(1e-6, 1e-14))
  }

  @Test func `the reach of rows holds their neighbors, and those of the ends of columns`() {
    #expect(ScanOrder.rows.reach(of: [0, 3], height: 6) == [0, 1, 2, 3, 4])
    #expect(ScanOrder.columns.reach(of: [0], height: 6) == [0, 1, 5])
    #expect(ScanOrder.columns.reach(of: [5], height: 6) == [0, 4, 5])
    #expect(ScanOrder.columns.reach(of: [0], height: 1) == [0])
  }
}

import TestSupport
import Testing

@testable import Kernels

@Suite struct PanelProductTests {
  struct Sizes: CustomTestStringConvertible, Sendable {
    let m: Int
    let n: Int
    let k: Int
    var testDescription: String { "\(m)x\(k) times \(k)x\(n)" }
  }

  /// Whole blocks, cut ones in either direction, and more than one stretch of a panel.
  static let sizes = [
    Sizes(m: 6, n: 16, k: 1), Sizes(m: 12, n: 32, k: 7), Sizes(m: 1, n: 1, k: 3), Sizes(m: 7, n: 17, k: 5),
    Sizes(m: 5, n: 40, k: 384), Sizes(m: 13, n: 24, k: 1000), Sizes(m: 47, n: 16, k: 9), Sizes(m: 23, n: 81, k: 400),
  ]

  @Test(arguments: sizes, [false, true])
  func `the product agrees with three loops`(sizes: Sizes, isTransposed: Bool) {
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let (a, b) = (wave(m * k, frequency: 0.7), wave(k * n, frequency: 1.3))
    let (rowStride, step) = isTransposed ? (1, m) : (k, 1)
    var sums = NaiveSums(count: m * n)
    for row in 0..<m {
      for column in 0..<n {
        sums.add(1, at: row * n + column)
        for i in 0..<k {
          sums.add(Double(a[row * rowStride + i * step]) * Double(b[i * n + column]), at: row * n + column)
        }
      }
    }
    var panels = [Scalar](repeating: .nan, count: panelsLength(k: k, n: n))
    packPanels(k: k, n: n, b, stride: n, into: &panels)
    let inParallel = output(panels.count) { packPanelsInParallel(k: k, n: n, b, into: $0) }
    #expect(inParallel == panels)
    let found = output(m * n) { c in
      c.update(repeating: 1, count: m * n)
      multiplyPanels(
        m: m, n: n, k: k, a, rowStride: rowStride, step: step, panels: panels,
        panelStride: 16 * k, into: c, cStride: n, accumulates: true)
    }
    #expect(sums.largestError(of: found) < tolerance(2e-6, 1e-14))
    let alone = output(m * n) {
      multiplyPanels(
        m: m, n: n, k: k, a, rowStride: rowStride, step: step, panels: panels, panelStride: 16 * k, into: $0,
        cStride: n)
    }
    let agrees = zip(alone, found).allSatisfy { Double(abs($0 + 1 - $1)) < tolerance(1e-3, 1e-11) }
    #expect(agrees)
  }

  @Test func `behind the last column the panels hold zeros`() {
    let panels = output(panelsLength(k: 2, n: 3)) { packPanels(k: 2, n: 3, [1, 2, 3, 4, 5, 6], stride: 3, into: $0) }
    let zeros = [Scalar](repeating: 0, count: 13)
    #expect(panels == [1, 2, 3] + zeros + [4, 5, 6] + zeros)
  }

  @Test func `a transposed matrix has rows for columns`() {
    let (rows, columns) = (19, 33)
    let x = wave(rows * columns)
    let found = output(rows * columns) { transpose(rows: rows, columns: columns, x, into: $0) }
    let expected = (0..<rows * columns).map { x[$0 % rows * columns + $0 / rows] }
    #expect(found == expected)
  }
}

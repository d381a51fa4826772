import TestSupport
import Testing

@testable import Kernels

@Suite struct WideMicrokernelTests {
  @Test(arguments: [1, 7, 384], [false, true])
  func `a block has the bits of the narrow microkernel`(k: Int, isTransposed: Bool) {
    check(WideMicrokernel<2, 1>.self, k, isTransposed)
    check(WideMicrokernel<4, 1>.self, k, isTransposed)
    check(WideMicrokernel<8, 1>.self, k, isTransposed)
    check(WideMicrokernel<2, 2>.self, k, isTransposed)
    check(WideMicrokernel<4, 2>.self, k, isTransposed)
  }

  private func check<let triples: Int, let panels: Int>(
    _ kernel: WideMicrokernel<triples, panels>.Type, _ k: Int, _ isTransposed: Bool
  ) {
    let (rows, columns) = (3 * triples, 16 * panels)
    // Rows of C and panels lie apart, and the gaps must stay as they are.
    let (panelStride, stride) = (16 * k + 5, columns + 3)
    let a = wave(rows * k, frequency: 0.7)
    let (rowStride, step) = isTransposed ? (1, rows) : (k, 1)
    let b = wave(panels * panelStride, frequency: 1.3)
    for accumulates in [false, true] {
      let start = wave(rows * stride, frequency: 0.1)
      var found = start
      var expected = start
      kernel.multiply(
        k, a, rowStride: rowStride, step: step, panel: b, panelStride: panelStride, into: &found, stride: stride,
        accumulates: accumulates)
      a.withUnsafeBufferPointer { a in
        for row in Swift.stride(from: 0, to: rows, by: 6) {
          for panel in 0..<panels {
            let x = (row..<row + 6).map { a.baseAddress! + $0 * rowStride }
            expected.withUnsafeMutableBufferPointer { c in
              b.withUnsafeBufferPointer { b in
                Microkernel.multiply(
                  k, x[0], x[1], x[2], x[3], x[4], x[5], step: step, panel: b.baseAddress! + panel * panelStride,
                  into: c.baseAddress! + row * stride + 16 * panel, stride: stride, accumulates: accumulates)
              }
            }
          }
        }
      }
      #expect(found == expected)
    }
  }
}

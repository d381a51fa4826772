import TestSupport
import Testing

@testable import Tensors

@Suite struct AveragePoolingTests {
  private let x = Tensor.counting([1, 3, 4, 1])

  @Test func `windows tile the picture if no stride is given`() {
    #expect(x.averagePool(kernel: 2).elements == [2.5, 4.5])
  }

  /// Rows 0…3, 4…7, 8…11: at a corner 4 pixels count, at an edge 6, within 9.
  @Test func `padding is not counted`() {
    let pooled = x.averagePool(kernel: 3, stride: 1, padding: Padding(1))
    let expected: [Scalar] = [2.5, 3, 4, 4.5, 4.5, 5, 6, 6.5, 6.5, 7, 8, 8.5]
    #expect(largestDifference(pooled.elements, expected) < tolerance(1e-6, 1e-14))
    #expect(Tensor.ones([2, 5, 4, 3]).averagePool(kernel: 3, stride: 2, padding: Padding(1)).isEverywhere(1))
  }

  @Test func `the gradient is each pixel's share of its windows`() {
    let slope = gradient(at: x) { $0.averagePool(kernel: 3, stride: 2, padding: Padding(1)).sum() }
    // The windows have 4, 6, 4 and 6 pixels.
    let (quarter, sixth) = (Scalar(1) / 4, Scalar(1) / 6)
    let row = [quarter, quarter + sixth, sixth, sixth]
    #expect(largestDifference(slope.elements, row + row.map { 2 * $0 } + row) < tolerance(1e-6, 1e-14))
  }
}

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

@Suite struct AdaptiveAveragePoolingTests {
  /// PyTorch's `adaptive_avg_pool2d` of 5 x 7 pixels to 3 x 2.
  @Test func `cells share pixels where their number does not divide the size`() {
    let means = Tensor.wave([1, 5, 7, 1]).adaptiveAveragePool(rows: 3, columns: 2)
    let expected: [Scalar] = [
      0.23182455674891944, 0.02033909533507476, 0.09310720501705629, -0.13204457737639402, -0.07260797718809389,
      -0.24613994453437016,
    ]
    #expect(means.shape == [1, 3, 2, 1])
    #expect(largestDifference(means.elements, expected) < tolerance(1e-6, 1e-14))
  }

  @Test func `one cell is the mean of the picture, and as many cells as pixels are the pixels`() {
    let x = Tensor.wave([2, 3, 4, 2])
    #expect(
      x.adaptiveAveragePool(rows: 1, columns: 1).largestDifference(from: x.mean(axes: [1, 2])) < tolerance(1e-6, 1e-14))
    #expect(x.adaptiveAveragePool(rows: 3, columns: 4).elements == x.elements)
  }

  @Test func `more cells than pixels repeat them`() {
    let x = Tensor.counting([1, 1, 2, 1])
    #expect(x.adaptiveAveragePool(rows: 2, columns: 4).elements == [0, 0, 1, 1, 0, 0, 1, 1])
  }
}

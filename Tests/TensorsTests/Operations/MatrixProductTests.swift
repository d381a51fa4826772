import TestSupport
import Testing

@testable import Tensors

@Suite struct MatrixProductTests {
  private let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
  private let b = Tensor([7, 8, 9, 10, 11, 12], shape: [3, 2])

  @Test func `a known product, by every flag`() {
    let expected: [Scalar] = [58, 64, 139, 154]
    let (left, right) = (a.transposed(), b.transposed())
    #expect(matmul(a, b).elements == expected)
    #expect(matmul(left, b, transposeLeft: true).elements == expected)
    #expect(matmul(a, right, transposeRight: true).elements == expected)
    #expect(matmul(left, right, transposeLeft: true, transposeRight: true).elements == expected)
    #expect(matmul(a, b).shape == [2, 2])
  }

  @Test func `batches of several axes, and one matrix for all`() {
    let x = Tensor.wave([2, 3, 4, 5])
    let y = Tensor.wave([2, 3, 5, 6], frequency: 0.9)
    let product = matmul(x, y)
    #expect(product.shape == [2, 3, 4, 6])
    for i in 0..<2 {
      for j in 0..<3 {
        let left = x.sliced([i..<i + 1, j..<j + 1, 0..<4, 0..<5]).reshaped(to: [4, 5])
        let right = y.sliced([i..<i + 1, j..<j + 1, 0..<5, 0..<6]).reshaped(to: [5, 6])
        let part = product.sliced([i..<i + 1, j..<j + 1, 0..<4, 0..<6]).reshaped(to: [4, 6])
        #expect(part.largestDifference(from: matmul(left, right)) < tolerance(1e-6, 1e-14))
      }
    }
    let single = Tensor.wave([5, 6], frequency: 0.9)
    let shared = matmul(x, single)
    #expect(shared.shape == [2, 3, 4, 6])
    #expect(shared.largestDifference(from: matmul(x, single.expanded(to: [2, 3, 5, 6]))) < tolerance(1e-6, 1e-14))
    let first = Tensor.wave([7, 4])
    #expect(matmul(first, x).shape == [2, 3, 7, 5])
  }

  @Test func `nothing to sum gives zeros`() {
    #expect(matmul(Tensor.zeros([2, 0]), Tensor.zeros([0, 3])).elements == [0, 0, 0, 0, 0, 0])
    #expect(matmul(Tensor.zeros([0, 2]), Tensor.zeros([2, 3])).shape == [0, 3])
  }

  /// d/dA Σ(A B) has the row sums of B in every row.
  @Test func `gradients of a shared matrix add up over the batch`() {
    let x = Tensor.wave([3, 2, 4])
    let slope = gradient(at: Tensor.wave([4, 5])) { matmul(x, $0).sum() }
    #expect(slope.shape == [4, 5])
    let expected = x.sum(axes: [0, 1]).reshaped(to: [4, 1]).expanded(to: [4, 5])
    #expect(slope.largestDifference(from: expected) < tolerance(2e-6, 1e-14))
  }
}

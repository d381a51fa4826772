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

@Suite struct CosineMatchesTests {
  @Test func `directions count, not lengths`() {
    let keys = Tensor([100, 90, 0.01, 0, -5, 0], shape: [3, 2])
    #expect(cosineMatches(Tensor([3, 0.1, 1, 1, -2, -1], shape: [3, 2]), keys) == [1, 0, 2])
  }

  @Test func `rows of zeros match the first key, and no row matches zeros better than a like one`() {
    let keys = Tensor([0, 0, 1, 0, 0, 1], shape: [3, 2])
    #expect(cosineMatches(Tensor([0, 0, 0, 2, -1, -1], shape: [3, 2]), keys) == [0, 2, 0])
  }

  @Test func `lengths count from 1e-8 on`() {
    let query = Tensor([1e12, 0], shape: [1, 2])
    #expect(cosineMatches(query, Tensor([0.5, 0.8, 1e-6, 0], shape: [2, 2])) == [1])
    #expect(cosineMatches(query, Tensor([0.5, 0.8, 1e-10, 0], shape: [2, 2])) == [0])
    #expect(cosineMatches(query * 1e-18, Tensor([1e15, 1e15, 1, 0.5], shape: [2, 2])) == [1])
  }

  @Test func `of equal keys the first wins`() {
    let key = Tensor.wave([1, 37])
    let keys = concatenate([key * -1] + (0..<40).map { _ in key }, axis: 0)
    #expect(cosineMatches(key, keys) == [1])
  }

  @Test func `without queries there is nothing to find`() {
    #expect(cosineMatches(.zeros([0, 2]), .ones([3, 2])) == [])
  }
}

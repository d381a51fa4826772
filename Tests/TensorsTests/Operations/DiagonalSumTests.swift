import TestSupport
import Testing

@testable import Tensors

@Suite struct DiagonalSumTests {
  @Test func `a known matrix`() {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 3, 3])
    #expect(x.diagonalSum(.rows, height: 3, width: 1).elements == [6, 8, 3, 12, 15, 8, 7, 12, 14])
    #expect(x.diagonalSum(.columns, height: 3, width: 1).elements == [6, 8, 3, 12, 15, 8, 7, 12, 14])
  }

  @Test func `along rows it is a convolution of the matrix with the identity`() {
    let x = Tensor.wave([2, 6, 6])
    let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3, 1, 1])
    let convolved = convolve(x.reshaped(to: [2, 6, 6, 1]), identity, padding: Padding(1)).reshaped(to: [2, 6, 6])
    #expect(x.diagonalSum(.rows, height: 2, width: 3).largestDifference(from: convolved) < tolerance(1e-6, 1e-14))
  }

  @Test func `along columns it is the same in another order`() {
    let x = Tensor.wave([2, 6, 6])
    func turned(_ x: Tensor, _ height: Int, _ width: Int) -> Tensor {
      x.reshaped(to: [2, height, width, height, width]).permuted([0, 2, 1, 4, 3]).reshaped(to: [2, 6, 6])
    }
    let expected = turned(turned(x, 2, 3).diagonalSum(.rows, height: 3, width: 2), 3, 2)
    #expect(x.diagonalSum(.columns, height: 2, width: 3).largestDifference(from: expected) < tolerance(1e-6, 1e-14))
  }
}

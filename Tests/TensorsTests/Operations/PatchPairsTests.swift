import TestSupport
import Testing

@testable import Tensors

@Suite struct PatchPairsTests {
  static let queries = Tensor.wave([2, 6, 10, 3])
  static let keys = Tensor.wave([2, 6, 10, 3], frequency: 0.73)

  @Test(arguments: [(3, 1), (4, 2), (6, 2)])
  func `comparing is a product of matrices of patches`(kernel: Int, stride: Int) {
    func patches(_ x: Tensor) -> Tensor {
      x.unfolded(kernel: kernel, stride: stride, padding: Padding((kernel - stride) / 2))
    }
    let expected = matmul(patches(Self.queries), patches(Self.keys), transposeRight: true)
    let found = comparePatches(Self.queries, Self.keys, kernel: kernel, stride: stride)
    #expect(found.largestDifference(from: expected) < tolerance(5e-5, 1e-13))
  }

  @Test(arguments: [(3, 1), (4, 2), (6, 2)])
  func `pasting is a product with a matrix of patches, folded`(kernel: Int, stride: Int) {
    let padding = Padding((kernel - stride) / 2)
    let places = 60 / stride / stride
    let weights = Tensor.wave([2, places, places], frequency: 0.19)
    let expected = matmul(weights, Self.keys.unfolded(kernel: kernel, stride: stride, padding: padding))
      .folded(to: Self.keys.shape, kernel: kernel, stride: stride, padding: padding)
    let found = pastePatches(weights, of: Self.keys, kernel: kernel, stride: stride)
    #expect(found.largestDifference(from: expected) < tolerance(2e-4, 1e-12))
  }

  @Test func `some rows are those of the whole`() {
    let whole = comparePatches(Self.queries, Self.keys, kernel: 4, stride: 2)
    let part = comparePatches(Self.queries, Self.keys, kernel: 4, stride: 2, rows: [2, 0])
    let expected = concatenate([whole.sliced(axis: 1, 10..<15), whole.sliced(axis: 1, 0..<5)], axis: 1)
    #expect(part.largestDifference(from: expected) < tolerance(1e-5, 1e-14))
    let pasted = pastePatches(whole, of: Self.keys, kernel: 4, stride: 2)
    let middle = pastePatches(
      whole.sliced(axis: 1, 0..<10), of: Self.keys, kernel: 4, stride: 2, from: [0, 1], to: 0..<1)
    #expect(middle.largestDifference(from: pasted.sliced(axis: 1, 0..<2)) < tolerance(2e-3, 1e-11))
  }

  @Test func `a kernel that is no multiple of the stride`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = comparePatches(.zeros([1, 4, 4, 1]), .zeros([1, 4, 4, 1]), kernel: 3, stride: 2)
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(said.contains("comparePatches: the kernel (3) must be a multiple of the stride (2)"))
  }

  @Test func `weights of another grid`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = pastePatches(.zeros([1, 16, 16]), of: .zeros([1, 4, 4, 1]), kernel: 4, stride: 2)
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(said.contains("pastePatches: expected weights of shape [1, 4, 4], found [1, 16, 16]"))
  }
}

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

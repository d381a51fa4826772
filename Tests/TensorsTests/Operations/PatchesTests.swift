import TestSupport
import Testing

@testable import Tensors

@Suite struct PatchesTests {
  @Test func `windows come row by row, each by kernel row, kernel column, channel`() {
    let x = Tensor.counting([1, 3, 3, 2])
    let patches = x.unfolded(kernel: 2)
    #expect(patches.shape == [1, 4, 8])
    #expect(patches.sliced(axis: 1, 0..<1).elements == [0, 1, 2, 3, 6, 7, 8, 9])
    #expect(patches.sliced(axis: 1, 1..<2).elements == [2, 3, 4, 5, 8, 9, 10, 11])
    #expect(patches.sliced(axis: 1, 2..<3).elements == [6, 7, 8, 9, 12, 13, 14, 15])
  }

  @Test func `stride, dilation and padding`() {
    let x = Tensor.counting([1, 3, 3, 1]) + 1
    #expect(x.unfolded(kernel: 2, dilation: 2).elements == [1, 3, 7, 9])
    #expect(x.unfolded(kernel: 1, stride: 2).elements == [1, 3, 7, 9])
    let padded = x.unfolded(kernel: 3, stride: 2, padding: Padding(1))
    #expect(padded.shape == [1, 4, 9])
    #expect(padded.sliced(axis: 1, 0..<1).elements == [0, 0, 0, 0, 1, 2, 0, 4, 5])
  }

  @Test func `folding adds overlaps up`() {
    let ones = Tensor.ones([1, 4, 4])
    let folded = ones.folded(to: [1, 3, 3, 1], kernel: 2)
    #expect(folded.elements == [1, 2, 1, 2, 4, 2, 1, 2, 1])
  }

  @Test(arguments: [(1, 1, 1, 0), (3, 1, 1, 1), (3, 2, 1, 1), (4, 2, 1, 1), (2, 1, 2, 0), (3, 3, 1, 0)])
  func `folding is the adjoint of unfolding`(kernel: Int, stride: Int, dilation: Int, padding: Int) {
    let x = Tensor.wave([2, 6, 7, 3])
    let patches = x.unfolded(kernel: kernel, stride: stride, dilation: dilation, padding: Padding(padding))
    let other = Tensor.wave(patches.shape, frequency: 0.83)
    let back = other.folded(to: x.shape, kernel: kernel, stride: stride, dilation: dilation, padding: Padding(padding))
    let (left, right) = ((patches * other).sum().scalar, (x * back).sum().scalar)
    #expect(Swift.abs(Double(left - right)) < tolerance(1e-3, 1e-10))
  }

  @Test func `a convolution is a product with the windows`() {
    let (x, filter) = (Tensor.wave([2, 5, 6, 3]), Tensor.wave([3, 3, 3, 4], frequency: 0.9))
    let patches = x.unfolded(kernel: 3, stride: 2, padding: Padding(1))
    let product = matmul(patches, filter.reshaped(to: [-1, 4]))
    let convolved = convolve(x, filter, stride: 2, padding: Padding(1))
    #expect(convolved.reshaped(to: product.shape).largestDifference(from: product) < tolerance(1e-5, 1e-13))
  }
}

@Suite struct WindowSumsTests {
  static let windows: [(kernel: Int, stride: Int, dilation: Int, padding: Padding)] = [
    (3, 1, 1, Padding(1)), (5, 2, 1, Padding(2)), (7, 2, 1, Padding(3)), (3, 1, 2, Padding(2)),
    (3, 2, 1, Padding(top: 0, bottom: 1, left: 1, right: 2)), (1, 1, 1, .none),
  ]

  @Test(arguments: windows.indices)
  func `sums are those of a convolution with ones, exactly`(_ index: Int) {
    let window = Self.windows[index]
    let plane = Tensor((0..<2 * 8 * 11).map { Scalar($0 * 7 % 5) }, shape: [2, 8, 11, 1])
    let found = plane.windowSums(
      kernel: window.kernel, stride: window.stride, dilation: window.dilation, padding: window.padding)
    let expected = convolve(
      plane, .ones([window.kernel, window.kernel, 1, 1]), stride: window.stride, dilation: window.dilation,
      padding: window.padding)
    #expect(found.shape == expected.shape)
    #expect(found.largestDifference(from: expected) < 1e-4)
    #expect(found.elements.allSatisfy { $0 == $0.rounded() })
  }
}

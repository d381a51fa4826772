import TestSupport
import Testing

@testable import Tensors

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

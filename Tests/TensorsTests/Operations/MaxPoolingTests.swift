import TestSupport
import Testing

@testable import Tensors

@Suite struct MaxPoolingTests {
  static let picture = Tensor([1, 5, 2, 5, 7, 7, 0, 3, 4, 7, 6, 6, 9, 1, 2, 8, 0, 3, 9, 1], shape: [1, 5, 4, 1])

  struct Case: Sendable {
    let kernel: Int
    let stride: Int
    let padding: Int
    let shape: Shape
    let largest: [Scalar]
    let slope: [Scalar]
  }

  /// PyTorch 2.13, `max_pool2d`; the slope is that of the sum weighted with 1, 2, 3, …
  static let cases = [
    Case(
      kernel: 3, stride: 2, padding: 1, shape: [1, 3, 2, 1], largest: [7, 7, 9, 8, 9, 9],
      slope: [0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 8, 0, 0, 4, 0, 0, 6, 0]),
    Case(
      kernel: 3, stride: 2, padding: 0, shape: [1, 2, 1, 1], largest: [7, 9],
      slope: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
    Case(
      kernel: 2, stride: 1, padding: 0, shape: [1, 4, 3, 1], largest: [7, 7, 5, 7, 7, 6, 9, 7, 8, 9, 9, 9],
      slope: [0, 0, 0, 3, 5, 7, 0, 0, 0, 8, 6, 0, 17, 0, 0, 9, 0, 0, 23, 0]),
  ]

  @Test(arguments: cases)
  func `windows overlap, and the gradient goes to the first of equal ones, as in PyTorch`(_ check: Case) {
    func pooled(_ x: Tensor) -> Tensor {
      x.maxPool(kernel: check.kernel, stride: check.stride, padding: Padding(check.padding))
    }
    #expect(pooled(Self.picture).shape == check.shape)
    #expect(pooled(Self.picture).elements == check.largest)
    let slope = gradient(at: Self.picture) { dot(pooled($0), .counting(check.shape) + 1) }
    #expect(slope.elements == check.slope)
  }

  @Test func `windows tile the picture if no stride is given, and what fills no window is left out`() {
    let x = Tensor.counting([1, 5, 4, 2])
    let pooled = x.maxPool(kernel: 2)
    #expect(pooled.shape == [1, 2, 2, 2])
    #expect(pooled.elements == [10, 11, 14, 15, 26, 27, 30, 31])
    #expect((-x).maxPool(kernel: 2).elements == [0, -1, -4, -5, -16, -17, -20, -21])
    #expect(x.maxPool(kernel: 3).elements == [20, 21])
    let slope = gradient(at: Tensor.counting([1, 2, 4, 1])) { square($0.maxPool(kernel: 2)).sum() }
    #expect(slope.elements == [0, 0, 0, 0, 0, 10, 0, 14])
  }

  @Test func `equal pixels of a tile do not share the gradient`() {
    let slope = gradient(at: Tensor.ones([1, 2, 4, 2])) { $0.maxPool(kernel: 2).sum() }
    #expect(slope.elements == [1, 1, 0, 0, 1, 1, 0, 0] + Array(repeating: 0, count: 8))
  }

  @Test func `padding never is the largest`() {
    let pooled = (Self.picture - 10).maxPool(kernel: 3, stride: 2, padding: Padding(1))
    #expect(pooled.elements == [-3, -3, -1, -2, -1, -1])
  }

  @Test func `a window may be a row, a column or the whole`() {
    #expect(Self.picture.maxPool(kernelHeight: 1, kernelWidth: 4).elements == [5, 7, 7, 9, 9])
    #expect(Self.picture.maxPool(kernelHeight: 5, kernelWidth: 1).elements == [9, 7, 9, 8])
    #expect(Self.picture.maxPool(kernelHeight: 5, kernelWidth: 4).elements == [9])
  }
}

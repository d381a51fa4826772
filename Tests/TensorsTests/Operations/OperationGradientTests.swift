import TestSupport
import Testing

@testable import Tensors

/// One line an operation: its gradient in every input, and the gradient of each of those in every input, against finite
/// differences.
@Suite struct OperationGradientTests {
  static let picture = Tensor.wave([2, 4, 3, 2], frequency: 1.3)
  static let other = Tensor.wave([2, 4, 3, 2], frequency: 0.9, phase: 0.7)
  /// Inside and outside of pictures of 4 x 3 pixels, none near a pixel's middle.
  static let places = Tensor(
    [0.3, 0.6, 1.5, 2.4, -0.4, 1.3, 2.6, 3.2, 0.7, 2.8, 1.2, 0.2, 4.5, 1.5, 1.8, -0.6], shape: [2, 2, 2, 2])
  static let positive = Tensor.wave([2, 3], scale: 0.4, offset: 1.2)
  static let matrix = Tensor.wave([3, 4], frequency: 1.1)

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let inputs: [Tensor]
    let function: @Sendable ([Tensor]) -> Tensor

    init(_ name: String, _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
      testDescription = name
      self.inputs = inputs
      self.function = function
    }
  }

  static let elementWise: [Case] = [
    Case("+ with broadcasting", [.wave([2, 1, 3]), .wave([4, 1])]) { square($0[0] + $0[1]) },
    Case("- with broadcasting", [.wave([3]), .wave([2, 3])]) { square($0[0] - $0[1]) },
    Case("* with broadcasting", [.wave([2, 1, 3]), .wave([4, 1])]) { $0[0] * $0[1] },
    Case("/ with broadcasting", [.wave([2, 3]), positive]) { $0[0] / $0[1] },
    Case("scalars", [.wave([2, 3])]) { 2 - square($0[0]) * 3 / 4 + 1 },
    Case("1 / x", [positive]) { 1 / $0[0] },
    Case("maximum", [picture, other]) { square(maximum($0[0], $0[1])) },
    Case("exp", [.wave([2, 3])]) { exp($0[0]) },
    Case("log", [positive]) { log($0[0]) },
    Case("square", [.wave([2, 3])]) { square($0[0]) },
    Case("sqrt", [positive]) { sqrt($0[0]) },
    Case("abs", [.wave([2, 3])]) { square(abs($0[0])) * abs($0[0]) },
    Case("clamp", [.wave([2, 3])]) { square(clamp($0[0], -0.5, 0.6)) },
    Case("tanh", [.wave([2, 3])]) { tanh($0[0]) },
    Case("sigmoid", [.wave([2, 3])]) { sigmoid($0[0]) },
    Case("relu", [.wave([2, 3])]) { square(relu($0[0])) },
    Case("leakyReLU", [.wave([2, 3])]) { square(leakyReLU($0[0])) },
    Case("elu", [.wave([2, 3])]) { elu($0[0]) },
    Case("gelu", [.wave([2, 3], scale: 2)]) { gelu($0[0]) },
    Case("gate with ELU", [.wave([2, 3, 4], frequency: 0.9)]) { gate($0[0], .elu) },
    Case("gate with ReLU", [.wave([2, 3, 4], frequency: 0.9)]) { gate($0[0], .relu) },
  ]

  static let shaped: [Case] = [
    Case("sum over all axes", [picture]) { square($0[0].sum()) },
    Case("sum over some axes", [picture]) { square($0[0].sum(axes: [0, 2])) },
    Case("mean", [picture]) { square($0[0].mean(axes: [-1])) },
    Case("maximum over axes", [picture]) { square($0[0].maximum(axes: [1, 2])) },
    Case("expanded", [.wave([2, 1, 3])]) { square($0[0].expanded(to: [2, 2, 4, 3])) },
    Case("softmax over the last axis", [.wave([3, 4])]) { softmax($0[0]) },
    Case("softmax over another axis", [.wave([2, 3, 2])]) { softmax($0[0], axis: 1) },
    Case("logSoftmax", [.wave([3, 4], frequency: 1.1, scale: 2)]) { logSoftmax($0[0]) },
    Case("crossEntropy", [.wave([3, 4], frequency: 1.1, scale: 2)]) {
      square(crossEntropy($0[0], .oneHot([1, nil, 3], shape: [3, 4]), weights: Tensor([1, 2, 3, 0.5], shape: [4])))
    },
    Case("matmul", [matrix, .wave([4, 2])]) { matmul($0[0], $0[1]) },
    Case("matmul, left transposed", [.wave([4, 3]), .wave([4, 2])]) { matmul($0[0], $0[1], transposeLeft: true) },
    Case("matmul, right transposed", [matrix, .wave([2, 4])]) { matmul($0[0], $0[1], transposeRight: true) },
    Case("matmul, both transposed", [.wave([4, 3]), .wave([2, 4])]) {
      matmul($0[0], $0[1], transposeLeft: true, transposeRight: true)
    },
    Case("matmul of a batch", [.wave([2, 2, 3]), .wave([2, 3, 2])]) { matmul($0[0], $0[1]) },
    Case("matmul of a batch with one matrix", [.wave([2, 2, 3]), .wave([3, 2])]) { matmul($0[0], $0[1]) },
    Case("matmul of one matrix with a batch", [.wave([2, 3]), .wave([2, 4, 3])]) {
      matmul($0[0], $0[1], transposeRight: true)
    },
    Case("reshaped", [matrix]) { square($0[0].reshaped(to: [2, -1])) },
    Case("permuted", [picture]) { square($0[0].permuted([2, 0, 3, 1])) },
    Case("transposed", [matrix]) { square($0[0].transposed()) },
    Case("sliced", [picture]) { square($0[0].sliced([0..<2, 1..<3, 1..<3, 0..<1])) },
    Case("padded", [matrix]) { square($0[0].padded([(1, 0), (2, 1)])) },
    Case("concatenate", [matrix, .wave([3, 2])]) { square(concatenate($0, axis: 1)) },
    Case("nearest, floor", [picture]) { square($0[0].resizedNearest(height: 3, width: 5)) },
    Case("nearest, corners aligned", [picture]) {
      square($0[0].resizedNearest(height: 2, width: 5, rule: .alignCorners))
    },
    Case("flippedHorizontally", [picture]) { square($0[0].flippedHorizontally()) },
    Case("sampled", [picture, places]) { $0[0].sampled(at: $0[1]) },
    Case("affineGrid", [.wave([2, 2, 3])]) { square(affineGrid($0[0], from: (4, 3), to: (2, 3))) },
    Case("adaptiveAveragePool", [picture]) { square($0[0].adaptiveAveragePool(rows: 3, columns: 2)) },
    Case("bilinear, half pixels", [picture]) { square($0[0].resizedBilinear(height: 3, width: 5)) },
    Case("bilinear, corners aligned", [picture]) {
      square($0[0].resizedBilinear(height: 6, width: 2, rule: .alignCorners))
    },
    Case("unfolded", [picture]) { square($0[0].unfolded(kernel: 3, stride: 2, padding: Padding(1))) },
    Case("folded", [.wave([2, 4, 18])]) {
      square($0[0].folded(to: [2, 4, 3, 2], kernel: 3, stride: 2, padding: Padding(1)))
    },
    Case("maxPool", [picture]) { square($0[0].maxPool(kernel: 2)) },
    Case("maxPool with overlapping windows", [picture]) {
      square($0[0].maxPool(kernel: 3, stride: 2, padding: Padding(1)))
    },
    Case("averagePool with overlapping windows", [picture]) {
      square($0[0].averagePool(kernel: 3, stride: 2, padding: Padding(1)))
    },
    Case("batchNormalized", [picture, .wave([2], offset: 1.5), .wave([2])]) {
      square(batchNormalized($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1).value)
    },
    Case("batchNormalized with ELU", [picture, .wave([2], offset: 1.5), .wave([2])]) {
      batchNormalized($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1, activation: .elu).value
    },
    Case("batchNormalized with leaky ReLU", [picture, .wave([2], offset: 1.5), .wave([2])]) {
      square(
        batchNormalized($0[0], weight: $0[1], bias: $0[2], epsilon: 0.1, activation: .leakyReLU(slope: 0.2)).value)
    },
    Case("instanceNormalized", [picture]) { square(instanceNormalized($0[0], epsilon: 0.1)) },
    // No feature is near the kink.
    Case("instanceNormalized with ELU", [Tensor([1, 0.7, -1.2, 1.1, 0.9, -1, -0.8, -0.9], shape: [1, 2, 2, 2])]) {
      instanceNormalized($0[0], epsilon: 0.1, activation: .elu)
    },
    Case("dot", [matrix, .wave([3, 4], frequency: 0.7)]) { square(dot($0[0], $0[1])) },
    Case("softmax of what is valid", [.wave([2, 2, 4], frequency: 1.1)]) {
      softmax($0[0], valid: Tensor([1, 0, 1, 1], shape: [1, 1, 4]), scale: 2)
    },
    Case("diagonalSum along rows", [.wave([2, 6, 6])]) { square($0[0].diagonalSum(.rows, height: 3, width: 2)) },
    Case("diagonalSum along columns of some rows", [.wave([1, 4, 6])]) {
      square($0[0].diagonalSum(.columns, height: 3, width: 2, from: [0, 2], to: [1, 0]))
    },
    Case("comparePatches", [.wave([1, 2, 3, 2]), .wave([1, 2, 3, 2], frequency: 0.9), .wave([1, 1, 6], offset: 2)]) {
      comparePatches($0[0], $0[1], kernel: 3, scale: $0[2])
    },
    Case("comparePatches of some rows", [.wave([2, 4, 2, 2]), .wave([2, 4, 2, 2], frequency: 0.9)]) {
      comparePatches($0[0], $0[1], kernel: 4, stride: 2, rows: [1])
    },
    Case("pastePatches", [.wave([1, 2, 4], frequency: 0.9), .wave([1, 4, 4, 1])]) {
      pastePatches($0[0], of: $0[1], kernel: 4, stride: 2, from: [1], to: 0..<1)
    },
    Case("convolve", [picture, .wave([3, 3, 2, 2]), .wave([2])]) {
      convolve($0[0], $0[1], bias: $0[2], padding: Padding(1))
    },
    // One filter's sums are above 0 and the other's below, both far from the kink.
    Case("convolve with ELU", [picture, .wave([3, 3, 2, 2], scale: 0.1), Tensor([2, -2], shape: [2])]) {
      square(convolve($0[0], $0[1], bias: $0[2], activation: .elu, padding: Padding(1)))
    },
    Case("convolve with leaky ReLU", [picture, .wave([3, 3, 2, 2], scale: 0.1), Tensor([2, -2], shape: [2])]) {
      square(convolve($0[0], $0[1], bias: $0[2], activation: .leakyReLU(slope: 0.2), padding: Padding(1)))
    },
    Case("convolve with stride 2 and unequal padding", [picture, .wave([3, 3, 2, 2]), .wave([2])]) {
      convolve($0[0], $0[1], bias: $0[2], stride: 2, padding: Padding(bottom: 1, right: 2))
    },
    Case("convolve with dilation 2", [picture, .wave([3, 3, 2, 1])]) {
      convolve($0[0], $0[1], dilation: 2, padding: Padding(2))
    },
    Case("convolve in groups", [.wave([1, 3, 3, 6], frequency: 1.3), .wave([3, 3, 2, 3])]) {
      convolve($0[0], $0[1], groups: 3, padding: Padding(1))
    },
    Case("convolve with a kernel smaller than the stride", [picture, .wave([1, 2, 2, 1])]) {
      convolve($0[0], $0[1], stride: 3)
    },
  ]

  @Test(arguments: elementWise + shaped)
  func `gradients of order 1 and 2 agree with finite differences`(_ check: Case) {
    let error = GradientCheck.largestError(at: check.inputs, of: check.function)
    #expect(error < GradientCheck.tolerance)
  }
}

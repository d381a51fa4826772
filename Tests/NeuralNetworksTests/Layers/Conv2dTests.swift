import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct Conv2dTests {
  private func layer(
    activation: Activation = .identity, padding: PaddingRule = .symmetric, upsampling: Int = 1,
    spectrallyNormalized: Bool = false
  ) -> Conv2d {
    Conv2d(
      inputChannels: 2, outputChannels: 3, kernel: 3, padding: padding,
      activation: activation, upsampling: upsampling, spectrallyNormalized: spectrallyNormalized,
      initialization: Initialization(seed: 3, name: "test"))
  }

  @Test func `the middle of a picture of ones is the sum of the filter and the bias, activated`() {
    let conv = layer(activation: .leakyReLU(slope: 0.2))
    conv.weight.assign(.wave([3, 3, 2, 3]))
    conv.bias!.assign(Tensor([-3, 0, 5], shape: [3]))
    let sums = conv.weight.value.sum(axes: [0, 1, 2]).elements
    let middle = conv(.ones([1, 3, 3, 2])).sliced([0..<1, 1..<2, 1..<2, 0..<3]).elements
    for (index, bias) in [-3, 0, 5].enumerated() {
      let sum = sums[index] + Scalar(bias)
      #expect(abs(middle[index] - (sum > 0 ? sum : 0.2 * sum)) < 1e-5)
    }
  }

  @Test(arguments: [Activation.identity, .relu, .leakyReLU(slope: 0.3), .elu, .tanh, .sigmoid])
  func `every activation is what follows the convolution`(_ activation: Activation) {
    let x = Tensor.noise("x", [2, 4, 5, 2])
    #expect(layer(activation: activation)(x).elements == activation(layer()(x)).elements)
  }

  @Test(arguments: [PaddingRule.symmetric, .tensorflowSame])
  func `upsampling repeats every pixel before the convolution`(_ padding: PaddingRule) {
    let x = Tensor.noise("x", [2, 4, 5, 2])
    let large = layer(activation: .elu, padding: padding)(x.upsampledNearest(by: 2))
    let small = layer(activation: .elu, padding: padding, upsampling: 2)(x)
    #expect(small.largestDifference(from: large) < tolerance(1e-5, 1e-12))
  }

  @Test func `spectral norm leaves the bias alone`() {
    let conv = layer(spectrallyNormalized: true)
    conv.bias!.assign(Tensor([1, 2, 3], shape: [3]))
    let y = conv(.zeros([1, 3, 3, 2]))
    #expect(y.sliced([0..<1, 0..<1, 0..<1, 0..<3]).elements == [1, 2, 3])
  }
}

@Suite struct PaddingRuleTests {
  struct Case: Sendable {
    let kernel, stride, dilation, size, before, after: Int
  }

  static let tensorflow = [
    Case(kernel: 3, stride: 1, dilation: 1, size: 8, before: 1, after: 1),
    Case(kernel: 3, stride: 1, dilation: 16, size: 8, before: 16, after: 16),
    Case(kernel: 5, stride: 1, dilation: 1, size: 7, before: 2, after: 2),
    Case(kernel: 3, stride: 2, dilation: 1, size: 8, before: 0, after: 1),
    Case(kernel: 3, stride: 2, dilation: 1, size: 7, before: 1, after: 1),
    Case(kernel: 5, stride: 2, dilation: 1, size: 8, before: 1, after: 2),
    Case(kernel: 5, stride: 2, dilation: 1, size: 7, before: 2, after: 2),
    Case(kernel: 4, stride: 2, dilation: 1, size: 8, before: 1, after: 1),
    Case(kernel: 1, stride: 2, dilation: 1, size: 8, before: 0, after: 0),
  ]

  @Test(arguments: tensorflow)
  func `TensorFlow's rule puts the odd zero behind`(_ check: Case) {
    // Height and width are looked at separately: the other one needs none.
    let padding = PaddingRule.tensorflowSame.padding(
      height: check.size, width: check.stride * 50 + 1, kernel: check.kernel, stride: check.stride,
      dilation: check.dilation)
    #expect(padding.top == check.before)
    #expect(padding.bottom == check.after)
    let turned = PaddingRule.tensorflowSame.padding(
      height: 50, width: check.size, kernel: check.kernel, stride: check.stride, dilation: check.dilation)
    #expect(turned.left == check.before)
    #expect(turned.right == check.after)
  }

  @Test func `TensorFlow's rule gives the size divided by the stride, rounded up`() {
    for size in 1...9 {
      for stride in 1...3 {
        let conv = Conv2d(
          inputChannels: 1, outputChannels: 1, kernel: 3, stride: stride, padding: .tensorflowSame,
          initialization: Initialization(seed: 0))
        let expected = (size + stride - 1) / stride
        #expect(conv(.ones([1, size, size + 1, 1])).shape[1] == expected)
      }
    }
  }

  @Test func `the symmetric rule depends on kernel and dilation alone`() {
    for (kernel, stride, dilation, sides) in [(3, 2, 1, 1), (5, 1, 1, 2), (3, 1, 8, 8), (4, 2, 1, 1)] {
      let padding = PaddingRule.symmetric.padding(
        height: 8, width: 9, kernel: kernel, stride: stride, dilation: dilation)
      #expect(padding == Padding(sides))
    }
  }
}

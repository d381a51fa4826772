import NeuralNetworks
import Tensors
import Testing

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

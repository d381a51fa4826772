import TestSupport
import Testing

@testable import Tensors

@Suite struct ConvolutionTests {
  @Test func `output shapes`() {
    func shape(_ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Padding) -> Shape {
      convolve(
        .zeros([2, 9, 12, 3]), .zeros([kernel, kernel, 3, 4]), stride: stride, dilation: dilation, padding: padding
      ).shape
    }
    #expect(shape(1, 1, 1, .none) == [2, 9, 12, 4])
    #expect(shape(3, 1, 1, Padding(1)) == [2, 9, 12, 4])
    #expect(shape(3, 2, 1, .none) == [2, 4, 5, 4])
    #expect(shape(3, 2, 1, Padding(bottom: 1, right: 1)) == [2, 4, 6, 4])
    #expect(shape(3, 1, 4, Padding(4)) == [2, 9, 12, 4])
    #expect(shape(5, 3, 2, Padding(top: 3, bottom: 1, left: 0, right: 2)) == [2, 2, 2, 4])
  }

  /// Left and top padding move the picture; bottom and right do not.
  @Test func `each side's padding is its own`() {
    let x = Tensor([1, 2, 3, 4], shape: [1, 2, 2, 1])
    let one = Tensor.ones([1, 1, 1, 1])
    #expect(convolve(x, one, padding: Padding(left: 1)).elements == [0, 1, 2, 0, 3, 4])
    #expect(convolve(x, one, padding: Padding(right: 1)).elements == [1, 2, 0, 3, 4, 0])
    #expect(convolve(x, one, padding: Padding(top: 1)).elements == [0, 0, 1, 2, 3, 4])
    #expect(convolve(x, one, padding: Padding(bottom: 1)).elements == [1, 2, 3, 4, 0, 0])
  }

  @Test func `filters are height, width, channels, filters`() {
    let x = Tensor([1, 10, 100, 1_000], shape: [1, 1, 2, 2])
    let filter = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [1, 2, 2, 2])
    let y = convolve(x, filter, bias: Tensor([0.5, 0.25], shape: [2]))
    #expect(y.shape == [1, 1, 1, 2])
    #expect(y.elements == [7_531.5, 8_642.25])
  }

  @Test func `the bias gets the sum of its filter's cotangents`() {
    let slope = gradient(at: Tensor.zeros([3])) {
      (convolve(.ones([2, 4, 5, 1]), .ones([1, 1, 1, 3]), bias: $0) * Tensor([1, 2, 3], shape: [3])).sum()
    }
    #expect(slope.elements == [40, 80, 120])
  }

  @Test(arguments: [Activation.relu, .leakyReLU(slope: 0.2), .elu])
  func `an activation in passing changes nothing but the time`(activation: Activation) {
    let (x, bias) = (Tensor.wave([1, 16, 16, 16]), Tensor.wave([32], frequency: 1.3))
    let filter = Tensor.wave([3, 3, 16, 32], frequency: 0.91)
    let passing = valueWithGradient(at: [x, filter, bias]) {
      square(convolve($0[0], $0[1], bias: $0[2], activation: activation, padding: Padding(1))).sum()
    }
    let apart = valueWithGradient(at: [x, filter, bias]) {
      square(activation(convolve($0[0], $0[1], bias: $0[2], padding: Padding(1)))).sum()
    }
    #expect(passing.value.scalar == apart.value.scalar)
    #expect(passing.gradient.map(\.elements) == apart.gradient.map(\.elements))
  }

  @Test(arguments: [false, true])
  func `a filter that changed is not taken for what it was`(isGated: Bool) {
    // Large enough for Winograd's algorithm, which transforms filters.
    let x = Tensor.wave([1, 16, 16, 16])
    var filter = Tensor.wave([3, 3, 16, 32], frequency: 0.91)
    func run(_ filter: Tensor) -> [Scalar] {
      (isGated
        ? convolveGated(x, filter, activation: .elu, padding: Padding(1)) : convolve(x, filter, padding: Padding(1)))
        .elements
    }
    let before = run(filter)
    #expect(run(filter) == before)
    let alias = filter
    filter.withMutableElements { for i in $0.indices { $0[i] *= 1.5 } }
    #expect(run(alias) == before)
    filter.withMutableElements { for i in $0.indices { $0[i] += 0.25 } }
    let after = run(filter)
    #expect(after != before)
    #expect(after == run(Tensor(filter.elements, shape: filter.shape)))
  }
}

@Suite struct GroupedConvolutionTests {
  private let x = Tensor.wave([2, 5, 4, 6])

  @Test(arguments: [1, 2, 3, 6])
  func `it is a convolution with a filter that is 0 between groups`(_ groups: Int) {
    let (channels, outputs) = (6 / groups, 12 / groups)
    let filter = Tensor.wave([3, 3, channels, 12], frequency: 0.7)
    let rows = (0..<groups).map { group in
      filter.sliced(axis: 3, group * outputs..<(group + 1) * outputs)
        .padded([(0, 0), (0, 0), (0, 0), (group * outputs, (groups - 1 - group) * outputs)])
    }
    let whole = concatenate(rows, axis: 2)
    let found = convolve(x, filter, groups: groups, stride: 2, dilation: 2, padding: Padding(2))
    let expected = convolve(x, whole, stride: 2, dilation: 2, padding: Padding(2))
    #expect(found.shape == [2, 3, 2, 12])
    #expect(found.largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }
}

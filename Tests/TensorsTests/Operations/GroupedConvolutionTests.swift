import TestSupport
import Testing

@testable import Tensors

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

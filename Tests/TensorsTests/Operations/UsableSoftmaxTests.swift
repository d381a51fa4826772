import TestSupport
import Testing

@testable import Tensors

@Suite struct UsableSoftmaxTests {
  @Test(arguments: [1, 2])
  func `it is the softmax of what is usable, times that`(batch: Int) {
    let x = Tensor.wave([2, 3, 5], frequency: 1.1)
    let usable = Tensor([1, 0, 1, 1, 0, 0, 1, 1, 0, 1].prefix(5 * batch).map { $0 }, shape: [batch, 1, 5])
    let expected = softmax(x * (usable * 3)) * usable
    #expect(softmax(x, usable: usable, scale: 3).largestDifference(from: expected) < tolerance(5e-7, 1e-15))
  }
}

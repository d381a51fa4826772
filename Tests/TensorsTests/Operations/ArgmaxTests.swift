import TestSupport
import Testing

@testable import Tensors

@Suite struct ArgmaxTests {
  @Test func `one position a row, also where nothing is above 0`() {
    let x = Tensor([1, 3, 2, 0, 0, 0, -2, -1, -4, 4, 4, 4], shape: [2, 2, 3])
    #expect(x.argmax() == [1, 0, 1, 0])
  }

  @Test func `it is the position that one-hot rows were made of`() {
    let positions = (0..<300).map { $0 * 7 % 13 }
    #expect(Tensor.oneHot(positions, shape: [3, 10, 10, 13]).argmax() == positions)
  }
}

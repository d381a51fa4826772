import TestSupport
import Testing

@testable import Tensors

@Suite struct LayoutTests {
  @Test func `reshaping keeps the order and shares the memory`() {
    let x = Tensor.counting([2, 3, 4])
    #expect(x.reshaped(to: [4, 6]).elements == x.elements)
    #expect(x.reshaped(to: [4, 6]).storage === x.storage)
    #expect(x.reshaped(to: [2, -1]).shape == [2, 12])
    #expect(x.reshaped(to: [-1]).shape == [24])
    #expect(x.reshaped(to: [3, -1, 8]).shape == [3, 1, 8])
    #expect(Tensor(5).reshaped(to: [1, 1]).shape == [1, 1])
    #expect(Tensor.zeros([0, 3]).reshaped(to: [3, 0]).shape == [3, 0])
    #expect(Tensor.zeros([0, 3]).reshaped(to: [-1, 3]).shape == [0, 3])
  }

  @Test func `axis i of the result is axis order[i] of the source`() {
    let x = Tensor.counting([2, 3, 4])
    let y = x.permuted([2, 0, 1])
    #expect(y.shape == [4, 2, 3])
    for i in 0..<4 {
      for j in 0..<2 {
        for k in 0..<3 { #expect(y[i, j, k] == x[j, k, i]) }
      }
    }
    #expect(x.permuted([-1, 0, 1]).elements == y.elements)
  }

  @Test func `transposing exchanges the last two axes`() {
    #expect(Tensor.counting([2, 3]).transposed().elements == [0, 3, 1, 4, 2, 5])
    #expect(Tensor.counting([2, 2, 3]).transposed().shape == [2, 3, 2])
    #expect(Tensor.counting([2, 2, 3]).transposed().elements == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
  }
}

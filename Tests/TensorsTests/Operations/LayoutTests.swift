import TestSupport
import Testing

@testable import Tensors

@Suite struct SlicingTests {
  private let x = Tensor.counting([3, 4])

  @Test func `slices`() {
    #expect(x.sliced([1..<3, 1..<3]).elements == [5, 6, 9, 10])
    #expect(x.sliced(axis: 0, 2..<3).elements == [8, 9, 10, 11])
    #expect(x.sliced(axis: -1, 3..<4).elements == [3, 7, 11])
    #expect(x.sliced(axis: 1, 2..<2).shape == [3, 0])
  }

  @Test func `padding puts zeros around`() {
    let padded = Tensor([1, 2], shape: [1, 2]).padded([(1, 0), (2, 1)])
    #expect(padded.shape == [2, 5])
    #expect(padded.elements == [0, 0, 0, 0, 0, 0, 0, 1, 2, 0])
  }

  @Test func `concatenating along each axis`() {
    let (a, b) = (Tensor.counting([2, 2]), Tensor.counting([2, 1]) + 10)
    #expect(concatenate([a, b], axis: 1).elements == [0, 1, 10, 2, 3, 11])
    #expect(concatenate([a, b], axis: -1).shape == [2, 3])
    #expect(concatenate([a, Tensor([8, 9], shape: [1, 2]), a], axis: 0).elements == [0, 1, 2, 3, 8, 9, 0, 1, 2, 3])
    #expect(concatenate([a], axis: 0).elements == a.elements)
    #expect(concatenate([a, Tensor.zeros([2, 0])], axis: 1).elements == a.elements)
  }

  @Test func `each part gets its own piece of the gradient`() {
    let weights = Tensor.counting([2, 5])
    let slopes = gradient(at: [Tensor.ones([2, 2]), Tensor.ones([2, 3])]) { (concatenate($0, axis: 1) * weights).sum() }
    #expect(slopes[0].elements == [0, 1, 5, 6])
    #expect(slopes[1].elements == [2, 3, 4, 7, 8, 9])
  }

  @Test func `what a slice leaves out gets zeros`() {
    let slope = gradient(at: x) { ($0.sliced([1..<3, 1..<3]) * 2).sum() }
    #expect(slope.elements == [0, 0, 0, 0, 0, 2, 2, 0, 0, 2, 2, 0])
  }
}

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

import Tensors
import TestSupport
import Testing

@Suite struct CosineMatchesTests {
  @Test func `directions count, not lengths`() {
    let keys = Tensor([100, 90, 0.01, 0, -5, 0], shape: [3, 2])
    #expect(cosineMatches(Tensor([3, 0.1, 1, 1, -2, -1], shape: [3, 2]), keys) == [1, 0, 2])
  }

  @Test func `rows of zeros match the first key, and no row matches zeros better than a like one`() {
    let keys = Tensor([0, 0, 1, 0, 0, 1], shape: [3, 2])
    #expect(cosineMatches(Tensor([0, 0, 0, 2, -1, -1], shape: [3, 2]), keys) == [0, 2, 0])
  }

  @Test func `lengths count from 1e-8 on`() {
    let query = Tensor([1e12, 0], shape: [1, 2])
    #expect(cosineMatches(query, Tensor([0.5, 0.8, 1e-6, 0], shape: [2, 2])) == [1])
    #expect(cosineMatches(query, Tensor([0.5, 0.8, 1e-10, 0], shape: [2, 2])) == [0])
    #expect(cosineMatches(query * 1e-18, Tensor([1e15, 1e15, 1, 0.5], shape: [2, 2])) == [1])
  }

  @Test func `of equal keys the first wins`() {
    let key = Tensor.wave([1, 37])
    let keys = concatenate([key * -1] + (0..<40).map { _ in key }, axis: 0)
    #expect(cosineMatches(key, keys) == [1])
  }

  @Test func `without queries there is nothing to find`() {
    #expect(cosineMatches(.zeros([0, 2]), .ones([3, 2])) == [])
  }
}

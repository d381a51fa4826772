import TestSupport
import Testing

@testable import Tensors

@Suite struct PoolingTests {
  @Test func `the largest of each square stays, and what makes no whole square is left out`() {
    let x = Tensor.counting([1, 5, 4, 2])
    let pooled = x.maximumPooled(by: 2)
    #expect(pooled.shape == [1, 2, 2, 2])
    #expect(pooled.elements == [10, 11, 14, 15, 26, 27, 30, 31])
    #expect((-x).maximumPooled(by: 2).elements == [0, -1, -4, -5, -16, -17, -20, -21])
    #expect(x.maximumPooled(by: 3).elements == [20, 21])
  }

  @Test func `the gradient goes to the largest`() {
    let slope = gradient(at: Tensor.counting([1, 2, 4, 1])) { square($0.maximumPooled(by: 2)).sum() }
    #expect(slope.elements == [0, 0, 0, 0, 0, 10, 0, 14])
  }
}

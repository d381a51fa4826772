import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct PositionsTests {
  @Test func `a position is found by its row and column`() {
    let x = Tensor.counting([2, 3, 4, 2])
    #expect(x.positions.shape == [2, 12, 2])
    #expect(x.position(row: 1, column: 2).elements == [12, 13, 36, 37])
  }

  @Test func `squares share their weight, and what is in none has no weight`() {
    let spread = Tensor([1, 2], shape: [1, 1, 2]).spreadOverSquares(height: 3, width: 5)
    #expect(spread.shape == [1, 3, 5])
    #expect(spread.elements == [0.25, 0.25, 0.5, 0.5, 0, 0.25, 0.25, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
  }
}

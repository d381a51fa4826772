import Testing

@testable import Tensors

@Suite struct PositionsOfMaximaTests {
  @Test func `one position a row, and none where nothing is above 0`() {
    let x = Tensor([1, 3, 2, 0, 0, 0, 0, -1, 4, 4, 4, 4], shape: [2, 2, 3])
    #expect(x.positionsOfMaxima() == [1, nil, 2, 0])
  }
}

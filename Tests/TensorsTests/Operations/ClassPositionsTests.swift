import Testing

@testable import Tensors

@Suite struct ClassPositionsTests {
  /// Two samples of 1 x 3 positions; class 1 has none in the first, class 2 in neither.
  private let classes: [Int?] = [0, 3, 0, 1, nil, 3]

  @Test func `known and missing positions of each class, sample by sample`() {
    let hole = Tensor([0, 0, 1, 1, 1, 0], shape: [2, 1, 3, 1])
    let found = ClassPositions(classes, hole: hole, batch: 2).samples
    #expect(found.map { $0.map(\.name) } == [[0, 3], [1, 3]])
    #expect(found.map { $0.map(\.all) } == [[[0, 2], [1]], [[3], [5]]])
    #expect(found.map { $0.map(\.known) } == [[[0], [1]], [[], [5]]])
    #expect(found.map { $0.map(\.missing) } == [[[2], []], [[3], []]])
  }

  @Test func `one hole serves all samples`() {
    let found = ClassPositions(classes, hole: Tensor([1, 0, 0], shape: [1, 1, 3, 1]), batch: 2).samples
    #expect(found.map { $0.map(\.missing) } == [[[0], []], [[3], []]])
  }

  @Test func `without classes there is nothing`() {
    let found = ClassPositions([nil, nil], hole: Tensor.ones([2, 1, 1, 1]), batch: 2).samples
    #expect(found.map(\.count) == [0, 0])
  }
}

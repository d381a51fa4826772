import Testing

@testable import Tensors

@Suite struct ShapeTests {
  @Test(arguments: [([], 1), ([0], 0), ([7], 7), ([2, 3, 4], 24), ([2, 0, 4], 0)])
  func `the element count is the product of the sizes`(shape: Shape, count: Int) {
    #expect(shape.elementCount == count)
  }

  static let fitting: [(Shape, Shape, Shape)] = [
    ([], [], []), ([], [3], [3]), ([2, 3], [], [2, 3]), ([1], [3], [3]), ([2, 3], [3], [2, 3]),
    ([2, 1], [3], [2, 3]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([1, 1], [1], [1, 1]), ([0], [1], [0]),
    ([1, 3], [0, 1], [0, 3]),
    ([5, 1, 1, 2], [4, 1, 2], [5, 4, 1, 2]),
  ]

  @Test(arguments: fitting)
  func `shapes are matched from the last axis`(left: Shape, right: Shape, both: Shape) {
    #expect(left.broadcast(with: right) == both)
    #expect(right.broadcast(with: left) == both)
  }

  @Test(arguments: [([2], [3]), ([2, 3], [2]), ([2, 3], [3, 2]), ([0], [2]), ([4, 2, 3], [4, 3])])
  func `shapes that do not fit have no common one`(left: Shape, right: Shape) {
    #expect(left.broadcast(with: right) == nil)
    #expect(right.broadcast(with: left) == nil)
  }

  @Test func `negative axes count from the end`() {
    #expect([2, 3, 4].resolved(-1, "test") == 2)
    #expect([2, 3, 4].resolved(-3, "test") == 0)
    #expect([2, 3, 4].resolved(1, "test") == 1)
  }
}

import TestSupport
import Testing

@testable import Kernels

@Suite struct BlocksTests {
  static let cases: [(shape: [Int], starts: [Int], sizes: [Int])] = [
    ([], [], []), ([5], [1], [3]), ([5], [0], [5]), ([5], [5], [0]), ([4, 5], [1, 2], [2, 3]),
    ([4, 5], [1, 0], [2, 5]), ([4, 5], [0, 2], [4, 3]), ([3, 4, 5], [1, 0, 0], [2, 4, 5]),
    ([3, 4, 5], [0, 1, 0], [3, 2, 5]), ([3, 4, 5], [0, 0, 4], [3, 4, 1]), ([3, 4, 5], [1, 1, 1], [1, 2, 3]),
    ([2, 3, 4, 5], [1, 1, 1, 1], [1, 2, 3, 4]), ([2, 3, 4, 5], [0, 1, 0, 0], [2, 1, 4, 5]),
    ([2, 3, 4], [0, 0, 0], [2, 3, 4]), ([200, 300, 3], [10, 20, 0], [150, 250, 3]),
    ([1, 1, 3], [0, 0, 1], [1, 1, 1]),
  ]

  /// The places of a block's elements in the whole array, in row-major order.
  private func places(_ shape: [Int], _ starts: [Int], _ sizes: [Int]) -> [Int] {
    var result = [0]
    for axis in shape.indices {
      result = result.flatMap { outer in (0..<sizes[axis]).map { outer * shape[axis] + starts[axis] + $0 } }
    }
    return result
  }

  @Test(arguments: cases)
  func `a block is copied out`(shape: [Int], starts: [Int], sizes: [Int]) {
    let x = (0..<shape.reduce(1, *)).map { Scalar($0) }
    let found = output(sizes.reduce(1, *)) { copyBlock(shape: shape, starts: starts, sizes: sizes, x, into: $0) }
    let isSame = areIdentical(found, places(shape, starts, sizes).map { x[$0] })
    #expect(isSame)
  }

  @Test(arguments: cases)
  func `a block is copied in, and the rest is left alone`(shape: [Int], starts: [Int], sizes: [Int]) {
    let x = (0..<sizes.reduce(1, *)).map { Scalar($0) }
    var found = [Scalar](repeating: -1, count: shape.reduce(1, *))
    var expected = found
    for (index, place) in places(shape, starts, sizes).enumerated() { expected[place] = x[index] }
    copyIntoBlock(shape: shape, starts: starts, sizes: sizes, x, into: &found)
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }
}

import TestSupport
import Testing

@testable import Kernels

@Suite struct PermutationTests {
  static let cases: [(shape: [Int], axes: [Int])] = [
    ([], []), ([5], [0]), ([2, 3], [0, 1]), ([2, 3], [1, 0]), ([2, 3, 4], [0, 2, 1]), ([2, 3, 4], [2, 0, 1]),
    ([2, 3, 4], [1, 2, 0]), ([2, 3, 4, 5], [0, 3, 1, 2]), ([2, 3, 4, 5], [0, 2, 1, 3]), ([2, 3, 4, 5], [3, 2, 1, 0]),
    ([1, 4, 1, 3], [2, 3, 0, 1]), ([300, 400], [1, 0]), ([2, 0, 3], [2, 1, 0]),
  ]

  @Test(arguments: cases)
  func `elements go where the order says`(shape: [Int], axes: [Int]) {
    let count = shape.reduce(1, *)
    let x = (0..<count).map { Scalar($0) }
    let found = output(count) { permute(shape: shape, axes: axes, x, into: $0) }
    var expected = [Scalar](repeating: -1, count: count)
    for index in 0..<count {
      let place = coordinates(index, shape)
      var target = 0
      for axis in axes { target = target * shape[axis] + place[axis] }
      expected[target] = x[index]
    }
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }

  private func coordinates(_ index: Int, _ shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { size in
      defer { rest /= size }
      return rest % size
    }.reversed()
  }
}

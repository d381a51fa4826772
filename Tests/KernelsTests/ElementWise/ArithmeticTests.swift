import TestSupport
import Testing

@testable import Kernels

@Suite struct ArithmeticTests {
  typealias Kernel = @Sendable (Broadcast, Source, Source, Destination) -> Void

  private let same = Broadcast(left: [6], right: [6])
  private let left: [Scalar] = [1, -2, 3, 0, .infinity, 5]
  private let right: [Scalar] = [4, -3, 3, -1, .infinity, -.infinity]

  @Test func `the four operations`() {
    #expect(output(4) { add(Broadcast(left: [4], right: [4]), left, right, into: $0) } == [5, -5, 6, -1])
    #expect(output(4) { subtract(Broadcast(left: [4], right: [4]), left, right, into: $0) } == [-3, 1, 0, 1])
    #expect(output(4) { multiply(Broadcast(left: [4], right: [4]), left, right, into: $0) } == [4, 6, 9, 0])
    #expect(output(2) { divide(Broadcast(left: [2], right: [2]), [1, -3], [4, 2], into: $0) } == [0.25, -1.5])
  }

  @Test func `maximum, maximumDerivative and equality`() {
    #expect(output(6) { maximum(same, left, right, into: $0) } == [4, -2, 3, 0, .infinity, 5])
    #expect(output(6) { maximumDerivative(same, left, right, into: $0) } == [0, 1, 0.5, 1, 0.5, 1])
    #expect(output(6) { equality(same, left, right, into: $0) } == [0, 0, 1, 0, 1, 0])
  }

  @Test func `maximum is NaN if either argument is`() {
    let pair = Broadcast(left: [3], right: [3])
    let result = output(3) { maximum(pair, [.nan, 1, .nan], [1, .nan, .nan], into: $0) }
    #expect(result.allSatisfy { $0.isNaN })
  }

  @Test func `accumulate adds to what is there`() {
    var sum: [Scalar] = [1, 2, 3]
    accumulate(3, [10, 20, 30], into: &sum)
    #expect(sum == [11, 22, 33])
  }
}

@Suite struct BroadcastTests {
  static let shapes: [([Int], [Int])] = [
    ([], []), ([1], []), ([], [1, 1]), ([5], []), ([], [5]), ([5], [1]), ([1], [5]), ([5], [5]),
    ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 3], [2, 1]), ([2, 1], [2, 3]), ([2, 1], [1, 3]),
    ([1, 3], [2, 1]), ([2, 1], [3]), ([4, 1, 3], [1, 2, 1]), ([1, 2, 1], [4, 1, 3]), ([4, 2, 3], [4, 1, 3]),
    ([4, 1, 3], [4, 2, 3]), ([2, 3, 4, 5], [5]), ([2, 3, 4, 5], [4, 1]), ([2, 3, 4, 5], [3, 1, 1]),
    ([2, 3, 4, 5], [2, 1, 1, 1]), ([2, 3, 4, 5], [2, 1, 4, 1]), ([2, 1, 4, 1], [3, 1, 5]),
    ([1, 3, 1, 5], [2, 1, 4, 1]), ([2, 3, 1, 1], [2, 3, 4, 5]), ([2, 1, 1, 5], [2, 3, 4, 5]),
    ([2, 2, 2, 2, 2], [2, 1, 2, 1, 2]), ([2, 1, 2, 1, 2], [1, 2, 1, 2, 1]), ([0], [1]), ([1], [0]), ([0], [0]),
    ([2, 0, 3], [1, 1, 3]), ([2, 1, 3], [0, 3]), ([1, 7, 1], [7, 1]), ([200, 300], [300]), ([200, 300], [200, 1]),
    ([70_000], [1]), ([3, 40_000], [3, 1]), ([3, 1, 1], [1, 2, 40_000]),
  ]

  /// Subtraction notices arguments that change places.
  @Test(arguments: shapes)
  func `every pair of shapes agrees with a naive loop`(left: [Int], right: [Int]) {
    let shape = broadcastShape(left, right)
    let count = shape.reduce(1, *)
    let (x, y) = (wave(left.reduce(1, *)), wave(right.reduce(1, *), frequency: 0.91, phase: 2))
    let found = output(count) { subtract(Broadcast(left: left, right: right), x, y, into: $0) }
    let expected = (0..<count).map { x[source($0, shape, left)] - y[source($0, shape, right)] }
    let isSame = areIdentical(found, expected)
    #expect(isSame)
  }

  @Test func `axes that are walked alike are merged`() {
    #expect(Broadcast(left: [2, 3, 4, 5], right: [2, 3, 4, 5]).sizes == [120])
    #expect(Broadcast(left: [2, 3, 4, 5], right: [5]).sizes == [24, 5])
    #expect(Broadcast(left: [2, 3, 4, 5], right: [2, 1, 1, 1]).sizes == [2, 60])
    #expect(Broadcast(left: [2, 3, 1, 5], right: [1, 3, 1, 5]).sizes == [2, 15])
  }

  private func broadcastShape(_ left: [Int], _ right: [Int]) -> [Int] {
    let rank = max(left.count, right.count)
    let (left, right) = (padded(left, to: rank), padded(right, to: rank))
    return (0..<rank).map { left[$0] == 1 ? right[$0] : left[$0] }
  }

  private func padded(_ shape: [Int], to rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.count) + shape
  }

  /// The place in an array of shape `own` of the element at `index` of the result.
  private func source(_ index: Int, _ shape: [Int], _ own: [Int]) -> Int {
    let own = padded(own, to: shape.count)
    var (rest, place, step) = (index, 0, 1)
    for axis in shape.indices.reversed() {
      place += (own[axis] == 1 ? 0 : rest % shape[axis]) * step
      rest /= shape[axis]
      step *= own[axis]
    }
    return place
  }
}

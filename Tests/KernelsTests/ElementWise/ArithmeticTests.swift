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

  @Test func `maximum, preference and equality`() {
    #expect(output(6) { maximum(same, left, right, into: $0) } == [4, -2, 3, 0, .infinity, 5])
    #expect(output(6) { preference(same, left, right, into: $0) } == [0, 1, 0.5, 1, 0.5, 1])
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

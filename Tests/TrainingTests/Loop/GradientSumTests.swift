import InpaintingData
import InpaintingModels
import Support
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct GradientSumTests {
  /// One of two processes, as it begins sums; the other's leaf is the same.
  private final class Twins: Communicator, @unchecked Sendable {
    let rank = 1
    let count = 2
    let bucketLength: Int
    var events: [String] = []

    init(bucketLength: Int) { self.bucketLength = bucketLength }

    func beginAllReduce(_ own: consuming TreeSum<LeafValues>, of leafCount: Int) -> () throws -> LeafValues {
      let values = own.subtrees[0].sum
      events.append("began \(values.gradients.map(\.shape)) and \(values.numbers.count)")
      return { values + values }
    }

    func allGather(
      count: Int, copy: @escaping (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
      replace: @escaping (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void
    ) {}
    func allGather(_ own: [UInt8]) -> [[UInt8]] { [own, own] }
    func takeWait() -> ExchangeWait { ExchangeWait() }
    func settled(on own: Failure) -> Failure { own }
    func end() {}
  }

  private let parameters = [Parameter(.noise("a", [2])), Parameter(.noise("b", [3])), Parameter(.noise("c", [4]))]

  /// Uses the parameters in their order; the way back past each is an event.
  private func loss(_ twins: Twins) -> Tensor {
    parameters.enumerated().reduce(Tensor(1)) { sum, entry in
      let (index, parameter) = entry
      return customVJP([sum * square(parameter.value).sum()]) {
        $0[0]
      } rule: { cotangent, _, _ in
        twins.events.append("way back \(index)")
        return cotangent
      }
    }
  }

  private func leaf(_ twins: Twins) -> LeafValues {
    let (value, gradients) = valueWithGradient(at: parameters) { loss(twins) }
    return LeafValues(gradients: gradients, numbers: [value.scalar])
  }

  @Test func `a bucket is exchanged as soon as its gradients are whole`() throws {
    let twins = Twins(bucketLength: 1)
    let sum = GradientSum(twins, leaves: 1..<2, of: 2)
    let values = sum.listening(toLeaf: 1) { leaf(twins) }
    #expect(
      twins.events == [
        "way back 2", "began [[4]] and 0", "way back 1", "began [[3]] and 0", "way back 0", "began [[2]] and 0",
      ])
    sum.append(values)
    let total = try sum.total()
    #expect(twins.events.last == "began [] and 1")
    #expect(total.gradients.map(\.elements) == values.gradients.map { ($0 + $0).elements })
    #expect(total.numbers == [2 * values.numbers[0]])
  }

  @Test func `a bucket has so many elements, from the last gradient on`() throws {
    let twins = Twins(bucketLength: 5)
    let sum = GradientSum(twins, leaves: 1..<2, of: 2)
    sum.append(sum.listening(toLeaf: 1) { leaf(twins) })
    _ = try sum.total()
    #expect(
      twins.events.filter { $0.hasPrefix("began") } == [
        "began [[3], [4]] and 0", "began [[2]] and 0", "began [] and 1",
      ])
  }

  @Test func `of several leaves the last one's way back is accompanied`() throws {
    let twins = Twins(bucketLength: 1)
    let sum = GradientSum(twins, leaves: 2..<4, of: 4)
    let first = sum.listening(toLeaf: 2) { leaf(twins) }
    sum.append(first)
    #expect(twins.events == ["way back 2", "way back 1", "way back 0"])
    twins.events = []
    let second = sum.listening(toLeaf: 3) { leaf(twins) }
    #expect(twins.events.prefix(2) == ["way back 2", "began [[4]] and 0"])
    sum.append(second)
    #expect(try sum.total().gradients[0].elements == ((first.gradients[0] + second.gradients[0]) * 2).elements)
  }

  @Test func `gradients that no tape told of are exchanged, too`() throws {
    let twins = Twins(bucketLength: 1)
    let sum = GradientSum(twins, leaves: 1..<2, of: 2)
    sum.append(sum.listening(toLeaf: 1) { LeafValues(gradients: [.ones([2]), .ones([3])], numbers: [1]) })
    #expect(try sum.total().gradients.map(\.elements) == [[2, 2], [2, 2, 2]])
  }

  @Test func `other gradients than those that the tape told of are a mistake`() async {
    await #expect(processExitsWith: .failure) {
      let twins = Twins(bucketLength: 1)
      let sum = GradientSum(twins, leaves: 1..<2, of: 2)
      let parameter = Parameter(.ones([2]))
      sum.append(
        sum.listening(toLeaf: 1) {
          LeafValues(gradients: valueWithGradient(at: [parameter]) { parameter.value.sum() }.gradient.map { $0 * 2 })
        })
    }
  }
}

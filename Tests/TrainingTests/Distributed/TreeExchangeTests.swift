import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct TreeExchangeTests {
  /// Values whose sum depends on the order in which they are added, in both precisions: thirds fill the digits.
  private func values(of leaf: Int) -> LeafValues {
    let scale = Scalar(leaf + 1)
    return LeafValues(
      gradients: [.noise("a \(leaf)", [3, 5]) * (scale / 3), .noise("b \(leaf)", [1]) * scale * 1e4],
      statistics: [.noise("c \(leaf)", [4])], numbers: Tensor.noise("d \(leaf)", [3]).elements)
  }

  private func row(_ values: LeafValues) -> [Scalar] {
    (values.gradients + values.statistics).flatMap(\.elements) + values.numbers
  }

  private func sum(_ leaves: Range<Int>) -> TreeSum<LeafValues> {
    var sum = TreeSum<LeafValues>(+)
    for leaf in leaves { sum.append(values(of: leaf), of: leaf) }
    return sum
  }

  @Test(arguments: [2, 3, 4, 6, 7, 8, 12])
  func `the sum has the bits of one process, however many share the leaves`(_ leafCount: Int) throws {
    let alone = row(sum(0..<leafCount).total(of: leafCount))
    var plain = row(values(of: 0))
    for leaf in 1..<leafCount { plain = zip(plain, row(values(of: leaf))).map { $0 + $1 } }
    // Otherwise any order would do.
    #expect(leafCount < 4 || plain != alone)
    for count in 1...leafCount {
      // Chunks of fewer elements than there are processes, of some, and of all.
      for chunkLength in [1, 7, 1000] {
        let totals = try inRanks(count, chunkLength: chunkLength) { [self] group in
          row(try group.allReduce(sum(group.leaves(of: leafCount)), of: leafCount))
        }.map { try $0.get() }
        #expect(totals.allSatisfy { areIdentical($0, alone) }, "\(count) processes, chunks of \(chunkLength)")
      }
    }
  }

  @Test func `messages are no larger than a chunk of every subtree`() throws {
    let messages = InMemoryMessages.connected(1)[0]
    let group = ProcessGroup(messages, chunkLength: 4)
    _ = try group.allReduce(sum(0..<3), of: 3)
    #expect(messages.largestCall == 2 * 4 * MemoryLayout<Scalar>.stride)
  }

  @Test func `elements of a row are copied and replaced wherever they are`() {
    var values = values(of: 1)
    let before = row(values)
    #expect(values.elementCount == 23 && before.count == 23)
    for range in [0..<23, 14..<17, 15..<16, 19..<22, 22..<23] {
      var copy = [Scalar](repeating: 0, count: range.count)
      copy.withUnsafeMutableBufferPointer { values.copy(range, to: $0) }
      #expect(copy == Array(before[range]))
      copy.map { -$0 }.withUnsafeBufferPointer { values.replace(range, with: $0) }
      #expect(row(values) == before.indices.map { range.contains($0) ? -before[$0] : before[$0] })
      copy.withUnsafeBufferPointer { values.replace(range, with: $0) }
    }
  }
}

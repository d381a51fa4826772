import Tensors
import Testing

@testable import NeuralNetworks

@Suite struct AttentionBlocksTests {
  private let scalar = MemoryLayout<Scalar>.stride

  @Test func `small pictures are taken together, whole`() {
    // 512 positions: four pictures have a million scores.
    let blocks = AttentionBlocks([10, 64, 32, 96], bytes: 256 << 20, matrices: 2)
    #expect(blocks.rows == [0..<32])
    #expect(blocks.samples == [0..<3, 3..<6, 6..<10])
  }

  @Test func `large pictures are cut, and what blocks reach over counts`() {
    // A row of 128 positions has 2 M scores.
    let blocks = AttentionBlocks([2, 256, 256, 96], bytes: 32 * (scalar << 21), matrices: 2)
    #expect(blocks.samples == [0..<1, 1..<2])
    #expect(blocks.rows.map(\.count).max() == 10)
    #expect(blocks.rows.first?.lowerBound == 0 && blocks.rows.last?.upperBound == 128)
  }

  @Test func `there is a row at least`() {
    let blocks = AttentionBlocks([1, 6, 8, 2], bytes: 0, matrices: 2)
    #expect(blocks.rows == [0..<1, 1..<2, 2..<3])
  }
}

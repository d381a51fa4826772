import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct StepBatchTests {
  @Test func `leaves have the samples of the batch in their order`() {
    let batch = tinyBatch(count: 6)
    let divided = StepBatch(batch, leaves: 0..<3, of: 3)
    for number in 0..<3 {
      let leaf = divided.leaf(number)
      let range = 2 * number..<2 * number + 2
      #expect(leaf.samples == range && leaf.sampleCount == 6)
      #expect(leaf.batch.images.elements == batch.images.sliced(axis: 0, range).elements)
      #expect(leaf.batch.holes.elements == batch.holes.sliced(axis: 0, range).elements)
    }
  }

  @Test func `leaves of another process are counted`() {
    let leaf = StepBatch(tinyBatch(count: 4), leaves: 2..<4, of: 4).leaf(3)
    #expect(leaf.samples == 6..<8 && leaf.sampleCount == 8)
    #expect(leaf.batch.images.elements == tinyBatch(count: 4).images.sliced(axis: 0, 2..<4).elements)
  }

  @Test func `one hole serves all leaves`() {
    let hole = tinyBatch(count: 1).holes
    let divided = StepBatch(
      InpaintingBatch(images: tinyBatch(count: 4).images, holes: hole), leaves: 0..<2, of: 2)
    #expect(divided.leaf(1).batch.holes.elements == hole.elements)
  }

  @Test func `a sample has the same random numbers in any leaf`() {
    let whole = PenaltyMixes(.first, count: 6, occasion: 1)
    let part = PenaltyMixes(.first, count: 6, samples: 2..<4, occasion: 1)
    #expect(part.local.elements == whole.local.sliced(axis: 0, 2..<4).elements)
    #expect(part.global.elements == whole.global.sliced(axis: 0, 2..<4).elements)
  }
}

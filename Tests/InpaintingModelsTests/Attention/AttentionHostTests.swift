import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

struct AttentionHostTests {
  @Test func `each picture of a batch has a map of an eighth of its sides`() throws {
    let model = tinyModel()
    let batch = tinyBatch(count: 2, size: 32)
    let maps = try #require(model.attentionMaps(of: batch))
    #expect(maps.map(\.width) == [4, 4] && maps.map(\.height) == [4, 4])
    // The same as for the picture alone.
    let second = batch.sample(1)
    #expect(model.attentionMaps(of: second) == [maps[1]])
  }

  @Test func `places of the hole look at places outside of it`() throws {
    let model = tinyModel()
    let batch = tinyBatch(count: 1, size: 64)
    let map = try #require(model.attentionMaps(of: batch)?.first)
    let hole = HoleReduction.twoSteps.reduced(batch.holes, .alignCorners, by: 8)
    var count = 0
    for y in 0..<8 {
      for x in 0..<8 where hole[0, y, x, 0] == 1 {
        let offset = map.offsets[y * 8 + x]
        #expect(hole[0, y + offset.y, x + offset.x, 0] == 0)
        count += 1
      }
    }
    #expect(count > 0)
  }
}

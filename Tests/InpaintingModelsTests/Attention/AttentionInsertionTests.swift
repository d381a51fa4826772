import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct AttentionInsertionTests {
  private let batch = tinyBatch(count: 1, size: 32)

  @Test func `costs are those of the features' size`() throws {
    let model = try AttentionModels.v2([["at": "bottleneck", "kind": "self_attention"]])
    let insertion = model.insertions[0]
    // 16 channels, an eighth for queries and keys: 16² + 16 + 2 · (16²/8 + 16/8) + 1.
    #expect(insertion.parameterCount == 256 + 16 + 2 * (32 + 2) + 1)
    // N (C² + C²/4) + N² (C/8 + C) with 8 x 8 positions.
    #expect(insertion.multiplyAdds(pictureSize: 32) == 64 * (256 + 64) + 64 * 64 * (2 + 16))
    #expect(insertion.site.description == "at the bottleneck, at a quarter of the size, 16 channels")
  }

  @Test func `sites read as English`() {
    func text(_ part: GeneratorPart, _ scale: Int) -> String {
      AttentionSite(part, scale: scale, channels: 8).description
    }
    #expect(text(.parallel, 4) == "in the parallel branch, at a quarter of the size, 8 channels")
    #expect(text(.decoder, 2) == "in the decoder, at half of the size, 8 channels")
    #expect(text(.skip, 1) == "on the skip connection, at the full size, 8 channels")
  }

  @Test(arguments: ["contextual", "self_attention", "pooled_self_attention", "non_local", "criss_cross", "multi_head"])
  func `maps weigh all positions`(_ kind: String) throws {
    let model = try AttentionModels.v2([try AttentionModels.entry(kind)])
    let observation = AttentionObservation { _ = model.fill(batch) }
    let weights = try #require(model.insertions[0].weights(ofRow: 3, column: 2, in: observation))
    #expect(weights.rank == 3 && weights.elements.allSatisfy { $0 >= 0 })
    let sum = Double(weights.sum().scalar)
    #expect(abs(sum - 1) < 1e-5 || (kind == "contextual" && sum < 1 && sum > 0))
    #expect(model.insertions[0].weights(ofRow: 3, column: 2, in: AttentionObservation {}) == nil)
  }

  @Test func `attentions without a map say so`() throws {
    let model = try AttentionModels.v2([["at": "bottleneck", "kind": "eca"]])
    let observation = AttentionObservation { _ = model.fill(batch) }
    #expect(model.insertions[0].weights(ofRow: 0, column: 0, in: observation) == nil)
    #expect(model.attentionMaps(of: batch) == nil)
  }

  @Test func `contextual attention's weights agree with its maps`() throws {
    let model = try AttentionModels.v2(nil)
    let observation = AttentionObservation { _ = model.fill(batch) }
    let map = try #require(model.insertions[0].argmaxMaps(in: observation)?.first)
    for position in 0..<map.width * map.height {
      let (row, column) = (position / map.width, position % map.width)
      let weights = try #require(
        model.insertions[0].weights(ofRow: 2 * row, column: 2 * column, in: observation)
      ).elements
      let best = (row + map.offsets[position].y) * map.width + column + map.offsets[position].x
      #expect(weights[best] == weights.max())
    }
  }
}

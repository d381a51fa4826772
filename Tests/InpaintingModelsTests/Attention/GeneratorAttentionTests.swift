import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct GeneratorAttentionTests {
  private let batch = tinyBatch(size: 32)

  /// The gradients of the generator's parameters after one step, by name.
  private func slopes(of model: any InpaintingModel) throws -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    try model.trainingStep(
      randomness: .first, nextBatch: { batch },
      update: { update in
        guard update.network == "generator" else { return }
        let names = model.networks[0].module.namedParameters.map(\.name)
        for (name, slope) in zip(names, update.gradients) { found[name] = slope }
      })
    return found
  }

  @Test(arguments: AttentionRegistry.namesWithoutLabels)
  func `every kind fills and learns in both DeepFills`(_ kind: String) throws {
    let entries = JSONValue([try AttentionModels.entry(kind)])
    for model in [try AttentionModels.v2(entries), try AttentionModels.v1(entries)] as [any InpaintingModel] {
      #expect(model.insertions.map(\.kind) == [kind])
      let filled = model.fill(batch).completed
      #expect(filled.shape == batch.images.shape && filled.isFinite)
      let slopes = try slopes(of: model)
      #expect(slopes.values.allSatisfy { $0.isFinite })
      let own = slopes.filter { $0.key.contains("attention.layers.0.") }
      #expect(own.values.reduce(0) { $0 + $1.count } == model.insertions[0].parameterCount)
      // At least one of its parameters learns from the first step on.
      #expect(own.isEmpty || own.values.contains { $0.elements.contains { $0 != 0 } })
    }
  }

  @Test(arguments: ["se", "cbam", "self_attention", "danet"])
  func `the U-Net takes them at its narrowest, in the decoder and on skips`(_ kind: String) throws {
    let sites: [[(String, JSONValue)]] = [
      [("at", "bottleneck")], [("at", "decoder"), ("scale", 2)], [("at", "skip")],
    ]
    let entries = sites.map { JSONValue($0 + [("kind", JSONValue(kind))] + AttentionModels.options(kind)) }
    let model = try AttentionModels.partial(JSONValue(entries))
    #expect(model.insertions.map(\.site.channels) == [32, 8, 16] && model.insertions.map(\.site.scale) == [8, 2, 4])
    #expect(model.fill(batch).completed.isFinite)
    model.generator.setTraining(false)
    let plain = try AttentionModels.partial([])
    plain.generator.setTraining(false)
    #expect(model.fill(batch).completed.elements != plain.fill(batch).completed.elements || kind == "self_attention")
  }

  @Test(arguments: ["self_attention", "pooled_self_attention", "non_local", "criss_cross", "channel_affinity"])
  func `gates that start at zero leave a generator as it is`(_ kind: String) throws {
    let sites: [JSONValue] = [
      ["at": "bottleneck", "kind": JSONValue(kind)], ["at": "decoder", "kind": JSONValue(kind)],
    ]
    let with = try AttentionModels.v2(JSONValue(sites)).fill(batch).completed
    #expect(with.elements == (try AttentionModels.v2([]).fill(batch).completed.elements))
  }

  @Test(arguments: AttentionRegistry.namesWithoutLabels.filter { $0 != "contextual" && $0 != "shift" })
  func `features may be as small as a single position`(_ kind: String) throws {
    let layer = try #require(try AttentionModels.v2([try AttentionModels.entry(kind)]).attention.features(0))
    let inputs = AttentionModels.inputs(batch)
    for (height, width) in [(1, 1), (1, 3), (2, 2), (5, 3)] {
      let x = Tensor.noise("x", [2, height, width, 16])
      let y = layer(x, inputs)
      #expect(y.shape == x.shape && y.isFinite, "\(height)x\(width)")
      if let weights = layer.weights(ofRow: 0, column: 0, in: x, inputs) { #expect(weights.isFinite) }
    }
  }

  @Test func `contextual attention is refused where features may be odd`() throws {
    #expect(throws: Failure.self) { try AttentionModels.partial([["at": "bottleneck", "kind": "contextual"]]) }
    let model = try AttentionModels.partial([["at": "decoder", "scale": 4, "kind": "contextual"]])
    #expect(model.fill(batch).completed.isFinite)
  }

  @Test func `attentions of a site follow one another, and others do not matter`() throws {
    let pair = try AttentionModels.v2([["at": "bottleneck", "kind": "se"], ["at": "bottleneck", "kind": "eca"]])
    let attention = pair.attention
    let inputs = AttentionModels.inputs(batch)
    let x = Tensor.noise("x", [2, 8, 8, 16])
    let (first, second) = (try #require(attention.features(0)), try #require(attention.features(1)))
    #expect(
      attention(.bottleneck, scale: 4, x, inputs).elements
        == second(first(x, inputs), inputs).elements)
    #expect(attention(.parallel, scale: 4, x, inputs).elements == x.elements)
    #expect(attention(.decoder, scale: 4, x, inputs).elements == x.elements)
  }

  @Test func `each site changes the pictures`() throws {
    let plain = try AttentionModels.v2([]).fill(batch).completed
    for (part, scale) in [("bottleneck", nil), ("parallel", nil), ("decoder", 2), ("skip", 1)] as [(String, Int?)] {
      let members: [(String, JSONValue)] =
        [("at", JSONValue(part)), ("kind", "se"), ("reduction", 2)] + (scale.map { [("scale", JSONValue($0))] } ?? [])
      let changed = try AttentionModels.v2([JSONValue(members)]).fill(batch).completed
      #expect(changed.elements != plain.elements, "\(part)")
    }
  }

  @Test func `features skip beside those of the decoder, three times as many with a shift`() throws {
    func inputs(_ kind: String, _ scale: Int) throws -> Int {
      let model = try AttentionModels.v2([["at": "skip", "scale": JSONValue(scale), "kind": JSONValue(kind)]])
      let network = model.generator.refinement
      let layer = [4: network.allconv12, 2: network.allconv14, 1: network.allconv16][scale]!
      return layer.weight.shape[2]
    }
    #expect(try [inputs("eca", 4), inputs("eca", 2), inputs("eca", 1)] == [32, 16, 8])
    #expect(try [inputs("shift", 4), inputs("shift", 2), inputs("shift", 1)] == [48, 24, 12])
  }

  @Test func `skips do not depend on whether activations are computed once more`() throws {
    var configuration = try AttentionModels.v2([
      ["at": "skip", "scale": 2, "kind": "eca"], ["at": "bottleneck", "kind": "non_local"],
    ]).configuration
    let kept = try slopes(of: DeepFillV2(configuration, seed: 3))
    configuration.checkpointsActivations = true
    let again = try slopes(of: DeepFillV2(configuration, seed: 3))
    #expect(kept.keys == again.keys)
    for (name, slope) in kept { #expect(again[name]?.elements == slope.elements, "\(name)") }
  }

  @Test func `running statistics of attention move once a step, however activations are kept`() throws {
    var configuration = try AttentionModels.v2([["at": "bottleneck", "kind": "cbam", "reduction": 4]]).configuration
    func statistics() throws -> [[Scalar]] {
      let model = DeepFillV2(configuration, seed: 3)
      _ = try slopes(of: model)
      return model.generator.namedBuffers.map(\.buffer.value.elements)
    }
    let kept = try statistics()
    configuration.checkpointsActivations = true
    #expect(try statistics() == kept && !kept.isEmpty)
  }

  @Test func `attention output is merged with the dilated branch in parallel`() throws {
    let model = try AttentionModels.v2(nil)
    let network = model.generator.refinement
    func observed() -> (features: [Scalar]?, pictures: [Scalar]) {
      var pictures: [Scalar] = []
      let observation = AttentionObservation { pictures = model.fill(batch).completed.elements }
      return (observation.input(of: 0)?.features.elements, pictures)
    }
    let before = observed()
    // The dilated layers change the pictures, and not what attention looks at.
    network.xconv10.bias.update { $0[0] += 1 }
    let after = observed()
    #expect(after.features == before.features && after.features != nil && after.pictures != before.pictures)
    // The decoder's first layer takes both branches side by side.
    #expect(
      network.allconv11.weight.shape[2] == network.xconv10.weight.shape[3] / 2 + network.pmconv10.weight.shape[3] / 2)
  }

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

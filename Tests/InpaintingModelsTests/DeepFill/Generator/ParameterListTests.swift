import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct ParameterListTests {
  private let skips: JSONValue = [
    ["at": "skip", "scale": 4, "kind": "shift"], ["at": "skip", "scale": 2, "kind": "eca"],
    ["at": "skip", "scale": 1, "kind": "se", "reduction": 2],
  ]

  /// The lines that one list has and the other has not.
  private func changes(_ found: [String], _ known: [String]) -> [String] { found.filter { !known.contains($0) } }

  private func names(_ lines: [String]) -> [Substring] { lines.map { $0.split(separator: " ")[1] } }

  @Test func `both DeepFills have the parameters that their checkpoints have, with the same initial values`() throws {
    #expect(ParameterList.lines(of: try ParameterList.v2()) == ParameterList.deepFillV2)
    #expect(ParameterList.lines(of: try ParameterList.v1()) == ParameterList.deepFillV1)
  }

  @Test func `guidance widens the first layers and nothing else`() throws {
    let guided = ParameterList.lines(of: try ParameterList.v2(more: [("guidance", true)]))
    #expect(names(guided) == names(ParameterList.deepFillV2))
    #expect(
      changes(guided, ParameterList.deepFillV2) == [
        "generator coarse.conv1.weight 5x5x6x8 32784a41", "discriminator conv1.weight 5x5x5x2 9413a920",
      ])
  }

  @Test func `features that skip widen the decoder's layers and nothing else`() throws {
    let own = [
      "generator refinement.attention.layers.1.layer.weight 3x1x1 036a115f",
      "generator refinement.attention.layers.2.layer.squeeze.weight 4x2 c41e71b8",
      "generator refinement.attention.layers.2.layer.excitation.weight 2x4 101151ba",
    ]
    #expect(
      changes(ParameterList.lines(of: try ParameterList.v2(skips)), ParameterList.deepFillV2) == [
        "generator refinement.allconv12.weight 3x3x48x32 050e8f48",
        "generator refinement.allconv14.weight 3x3x16x16 b5ddc794",
        "generator refinement.allconv16.weight 3x3x8x4 f167a52e",
      ] + own)
    #expect(
      changes(ParameterList.lines(of: try ParameterList.v1(skips)), ParameterList.deepFillV1) == [
        "generator refinement.allconv12.weight 3x3x48x16 2eee04a1",
        "generator refinement.allconv14.weight 3x3x16x8 9f7d59e1",
        "generator refinement.allconv16.weight 3x3x8x2 e75358bf",
      ] + own)
  }

  @Test func `every kind of attention has the parameters that its checkpoints have`() throws {
    let scope = "generator refinement.attention.layers."
    let entries = JSONValue(try AttentionRegistry.namesWithoutLabels.map { try AttentionModels.entry($0) })
    for model in [try ParameterList.v2(entries), try ParameterList.v1(entries)] as [any InpaintingModel] {
      let lines = ParameterList.lines(of: model)
      let own = lines.filter { $0.hasPrefix(scope) }.map { String($0.dropFirst(scope.count)) }
      #expect(own == ParameterList.attention)
      let known = model is DeepFillV2 ? ParameterList.deepFillV2 : ParameterList.deepFillV1
      #expect(names(lines.filter { !$0.hasPrefix(scope) }) == names(known))
    }
  }

  @Test func `filters that preserve the variance start with the gain of their layers`() throws {
    let more: [(String, JSONValue)] = [("initialization", "variance_preserving")]
    for (model, gain) in [
      (try ParameterList.v2(more: more), 2.2), (try ParameterList.v1(more: more), 1.25),
    ] as [(any InpaintingModel, Double)] {
      for (name, parameter) in model.networks[0].module.namedParameters where name.hasSuffix("weight") {
        var stream = RandomStream(seed: 5, purpose: "generator." + name)
        // Version 2's pictures come from layers without a gate.
        let isOther = gain == 2.2 && name.hasSuffix("conv17.weight")
        let rule = isOther ? Initializer.glorotUniform : .kaimingNormal(.input, gain: gain)
        #expect(parameter.value.elements == rule(parameter.shape, &stream).elements, "\(name)")
      }
    }
  }
}

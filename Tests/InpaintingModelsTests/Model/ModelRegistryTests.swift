import InpaintingModels
import Tensors
import Testing

@testable import Support

@Suite struct ModelRegistryTests {
  private func configuration(named name: String) throws -> (name: String, type: any ModelConfiguration.Type) {
    try ModelRegistry.configuration(namedIn: JSONReader(["name": JSONValue(name)], source: "test"))
  }

  @Test func `every name leads to a configuration that makes a model`() throws {
    #expect(
      ModelRegistry.models.map { $0.name } == [
        "deepfill_v2", "deepfill_v1", "partial_convolution", "semantic_guidance", "coherence_priors",
      ])
    for (name, _) in ModelRegistry.models {
      let type = try configuration(named: name).type
      let empty = try JSONReader([:], source: "test")
      let configuration = try type.init(model: empty, losses: empty, training: empty)
      let model = configuration.makeModel(seed: 1)
      let names = configuration.networkNames
      #expect(model.networks.map(\.name) == names && Set(names).count == names.count)
      // What fills pictures has an average.
      #expect(model.networks[0].isAveraged)
      let phases = configuration.phases
      #expect(!phases.isEmpty && Set(phases.map(\.name)).count == phases.count)
      for phase in phases { #expect(!phase.networks.isEmpty && phase.networks.allSatisfy(names.contains)) }
      #expect(model.sizeMultiple == configuration.sizeMultiple && model.sizeMultiple > 0)
    }
  }

  @Test func `an unknown name is refused with the names there are`() {
    let failure = #expect(throws: Failure.self) { _ = try configuration(named: "deepfill_v3") }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.contains("deepfill_v3") == true && failure?.message.contains("deepfill_v2") == true)
  }
}

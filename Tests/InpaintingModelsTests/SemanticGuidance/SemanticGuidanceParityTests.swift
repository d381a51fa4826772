import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// The first stage against the outputs of the authors' `networks.py`.
@Suite(.enabled(if: PortedWeights.folder != nil, "KINTSUGI_FIXTURES names no folder"))
struct SemanticGuidanceParityTests {
  @Test func `the first stage makes the pictures and features that the authors' makes`() throws {
    let port = try PortedWeights("espa_stage1")
    let plan = try WeightPlan(recognizing: port.file)
    try plan.load(colorOrder: .rgb)
    #expect(plan.modelName == "semantic_guidance" && plan.layout.name == "goodryu" && plan.networks == ["generator"])
    let model = try #require(plan.model as? SemanticGuidance)
    #expect(model.configuration.width == 8 && model.configuration.pictureSize == 256)
    let batch = InpaintingBatch(images: try port.pictures("in.image"), holes: try port.pictures("in.hole"))
    let (pictures, features) = model.generator(batch)
    for (found, name) in [(pictures, "out.coarse"), (features, "out.features")] {
      let expected = try port.pictures(name)
      let deviation = Double(square(expected - expected.mean()).mean().scalar).squareRoot()
      #expect(found.largestDifference(from: expected) < 1e-4 * deviation, "\(name)")
    }
  }
}

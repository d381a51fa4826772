import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// Whole networks of the published width against the outputs of the PyTorch port.
@Suite(.enabled(if: PortedWeights.folder != nil, "KINTSUGI_FIXTURES names no folder"))
struct DeepFillV1ParityTests {
  @Test func `the generator fills as the port does`() throws {
    let port = try PortedWeights("v1_daa233")
    let plan = try WeightPlan(recognizing: port.file)
    try plan.load(colorOrder: .rgb)
    #expect(plan.layout.name == "daa233" && plan.networks == ["generator"])
    let model = try #require(plan.model as? DeepFillV1)
    #expect(model.configuration == .ported)
    let batch = InpaintingBatch(images: try port.pictures("in.image"), holes: try port.pictures("in.mask"))

    let hole = HoleReduction.oneStep.reduced(batch.holes, .floor, by: 8)
    let attended = model.configuration.contextualAttention(try port.pictures("ca.in"), hole: hole)
    let expected = try port.pictures("ca.out")
    let deviation = (square(expected - expected.mean()).mean().scalar).squareRoot()
    #expect(attended.largestDifference(from: expected) < 1e-4 * Double(deviation))

    for (stage, name) in zip(model.fill(batch).stages, ["out.stage1", "out.stage2"]) {
      #expect(stage.pictures.largestDifference(from: try port.pictures(name)) < 1e-3, "\(name)")
    }
  }

  @Test func `the local critic scores as the port's does, with the same slopes`() throws {
    let port = try PortedWeights("v1_localD_daa233")
    var configuration = DeepFillV1Configuration.ported
    configuration.hasNarrowLocalCritic = true
    let critic = DeepFillV1(configuration, seed: 0).critic
    let layout = try #require(DeepFillV1Configuration.weightLayouts.first { $0.name == "daa233" })
    for entry in critic.namedParameters where entry.name.hasPrefix("local.") {
      let mapping = try #require(layout.networks[1].tensors.first { $0.own == entry.name })
      let tensor = try port.file.tensor("w." + mapping.foreign.dropFirst("localD.".count))
      entry.parameter.assign(mapping.read(tensor, shape: entry.parameter.shape, colorOrder: .rgb))
    }
    let x = try port.pictures("in.x")
    let (score, slope) = valueWithGradient(at: [x]) { critic.local($0[0]).sum() }
    let scores = try port.file.tensor("out.y")
    #expect(critic.local(x).largestDifference(from: scores.reshaped(to: [2])) < 1e-5)
    #expect(abs(score.scalar - scores.sum().scalar) < 2e-5)
    #expect(slope[0].largestDifference(from: try port.pictures("out.dydx")) < 1e-5)
  }
}

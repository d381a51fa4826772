import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

/// Whole networks of the published width against the outputs of public ports.
@Suite(.enabled(if: PortedWeights.folder != nil, "KINTSUGI_FIXTURES names no folder"))
struct PortParityTests {
  @Test func `the published variant fills as the TensorFlow port with fusion does`() throws {
    // The port itself leaves fusion out and shrinks holes in one step; these outputs are of the authors' graph.
    let port = try PortedWeights("v2_official_exact")
    let model = try port.model(
      ["model.fuse=true", "model.hole_reduction=two_steps"].map(JSONOverride.init(parsing:)))
    #expect(model.configuration == DeepFillV2Configuration())
    try expectParity(port, model)
  }

  @Test func `the symmetric variant fills as the PyTorch port does`() throws {
    let port = try PortedWeights("v2_nipponjo_pt")
    let model = try port.model()
    #expect(model.configuration == .symmetric)
    try expectParity(port, model)
  }

  private func expectParity(_ port: PortedWeights, _ model: DeepFillV2) throws {
    let batch = InpaintingBatch(images: try port.pictures("in.image"), holes: try port.pictures("in.mask"))

    let features = try port.pictures("ca.in")
    let configuration = model.configuration
    let hole = configuration.holeReduction.reduced(batch.holes, configuration.nearest, by: 8)
    let attended = configuration.contextualAttention(features, hole: hole)
    let expected = try port.pictures("ca.out")
    let deviation = (square(expected - expected.mean()).mean().scalar).squareRoot()
    #expect(attended.largestDifference(from: expected) < 1e-4 * Double(deviation))

    let (coarse, refined, _) = model.generator(batch)
    #expect(try #require(coarse).largestDifference(from: try port.pictures("out.stage1")) < 1e-3)
    #expect(refined.largestDifference(from: try port.pictures("out.stage2")) < 1e-3)
  }

  @Test func `the discriminator scores and iterates as the PyTorch port does`() throws {
    let port = try PortedWeights("v2_discriminator_pt")
    let discriminator = try port.model().discriminator
    let x = try port.pictures("in.x")
    let scores = discriminator(x.sliced(axis: -1, 0..<3), conditions: [x.sliced(axis: -1, 3..<4)])
    // The port flattens channels first.
    let channelsFirst = scores.reshaped(to: [2, 2, 2, 256]).permuted([0, 3, 1, 2]).reshaped(to: [2, 1024])
    #expect(channelsFirst.largestDifference(from: try port.file.tensor("out.y")) < 1e-5)
    for (name, buffer) in discriminator.namedBuffers {
      let expected = try port.file.tensor("w1." + name.prefix(5) + ".conv_sn.weight_u").transposed()
      #expect(buffer.value.largestDifference(from: expected) < 1e-5)
    }
  }
}

import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// Whole networks of the published width against the outputs of public ports.
@Suite(.enabled(if: PortedWeights.folder != nil, "KINTSUGI_FIXTURES names no folder"))
struct PortParityTests {
  @Test func `the published variant fills as the TensorFlow port with fusion does`() throws {
    try expectParity("v2_official_exact", DeepFillV2Configuration(), tensorflowPortName)
  }

  @Test func `the symmetric variant fills as the PyTorch port does`() throws {
    try expectParity("v2_nipponjo_pt", .symmetric, symmetricPortName)
  }

  private func expectParity(
    _ file: String, _ configuration: DeepFillV2Configuration, _ name: (String) -> String
  ) throws {
    let port = try PortedWeights(file)
    let generator = Generator(configuration, initialization: Initialization(seed: 0))
    try port.load(into: generator, prefix: "w.", name: name)
    let batch = InpaintingBatch(images: try port.pictures("in.image"), holes: try port.pictures("in.mask"))

    let features = try port.pictures("ca.in")
    let attended = generator.refinement.attention(features, hole: generator.reducedHoles(batch.holes))
    let expected = try port.pictures("ca.out")
    let deviation = (square(expected - expected.mean()).mean().scalar).squareRoot()
    #expect(attended.largestDifference(from: expected) < 1e-4 * Double(deviation))

    let (coarse, refined) = generator(batch)
    #expect(coarse.largestDifference(from: try port.pictures("out.stage1")) < 1e-3)
    #expect(refined.largestDifference(from: try port.pictures("out.stage2")) < 1e-3)
  }

  @Test func `the discriminator scores and iterates as the PyTorch port does`() throws {
    let port = try PortedWeights("v2_discriminator_pt")
    let discriminator = PatchDiscriminator(.symmetric, initialization: Initialization(seed: 0))
    try port.load(into: discriminator, prefix: "w0.") { $0 + ".conv_sn" }
    for (name, buffer) in discriminator.namedBuffers {
      buffer.value = try port.tensor("w0." + name.prefix(5) + ".conv_sn.weight_u").transposed()
    }
    let x = try port.pictures("in.x")
    let scores = discriminator(x.sliced(axis: -1, 0..<3), conditions: [x.sliced(axis: -1, 3..<4)])
    // The port flattens channels first.
    let channelsFirst = scores.reshaped(to: [2, 2, 2, 256]).permuted([0, 3, 1, 2]).reshaped(to: [2, 1024])
    #expect(channelsFirst.largestDifference(from: try port.tensor("out.y")) < 1e-5)
    for (name, buffer) in discriminator.namedBuffers {
      let expected = try port.tensor("w1." + name.prefix(5) + ".conv_sn.weight_u").transposed()
      #expect(buffer.value.largestDifference(from: expected) < 1e-5)
    }
  }
}

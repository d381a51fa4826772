import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct ShiftedFeaturesTests {
  private let batch = tinyBatch(size: 32)
  private let shift: JSONValue = [["at": "skip", "kind": "shift"]]

  private func terms(of model: any InpaintingModel) throws -> [LossTerm] {
    var terms: [LossTerm] = []
    try model.trainingStep(randomness: .first, nextBatch: { batch }, update: { terms += $0.terms })
    return terms
  }

  @Test func `both DeepFills have the loss where they have a shift connection`() throws {
    for weight in [0.01, 1.0] {
      for model in [
        try AttentionModels.v2(shift, losses: ["shift_guidance": JSONValue(weight)]),
        try AttentionModels.v1(shift, losses: ["shift_guidance": JSONValue(weight)]),
      ] as [any InpaintingModel] {
        let terms = try terms(of: model)
        #expect(terms.contains { $0.name == "shift_guidance" && $0.value > 0 })
      }
    }
    #expect(try !terms(of: AttentionModels.v2(nil)).contains { $0.name == "shift_guidance" })
  }

  @Test func `the target is what the encoder makes of the whole picture`() throws {
    let model = try AttentionModels.v2(shift)
    let path = model.generator.refinement.path
    let shifted = try #require(model.fill(batch).shifted.first)
    let network = model.generator.refinement
    let whole = batch.images.through(
      network.xconv1, network.xconv2, network.xconv3, network.xconv4, network.xconv5, network.xconv6)
    let missing = batch.holes.resizedNearest(height: 8, width: 8)
    let cells = missing.sum().scalar
    let expected = (square(shifted.decoded - whole) * missing).sum().scalar / cells
    let found = shifted.shiftTargetLoss(path, whole: batch.images, holes: batch.holes).scalar
    #expect(abs(found - expected) < 1e-5 * max(1, expected))
  }

  @Test func `the loss counts with its weight`() throws {
    func total(_ weight: Double) throws -> (total: Scalar, shift: Scalar) {
      let terms = try terms(of: AttentionModels.v2(shift, losses: ["shift_guidance": JSONValue(weight)]))
      func value(_ name: String) throws -> Scalar { try #require(terms.first { $0.name == name }).value }
      return (try value("generator"), try value("shift_guidance"))
    }
    let (without, with) = (try total(0), try total(2))
    #expect(abs(with.total - without.total - 2 * with.shift) < 1e-4 * max(1, with.shift))
  }
}

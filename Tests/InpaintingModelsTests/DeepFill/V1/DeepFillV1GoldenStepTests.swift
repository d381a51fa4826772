import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

/// A training step of a tiny DeepFill v1 against PyTorch in double precision: `Scripts/make-golden-values`.
@Suite struct DeepFillV1GoldenStepTests {
  private static let tolerance = GradientCheck.isExact ? 1e-8 : 2e-4
  private let expected = Fixture("deepfill_v1_step")

  /// Parameters that both programs can compute.
  private let model: DeepFillV1 = {
    let model = tinyV1 { $0.width = 4 }
    for network in model.networks {
      for (name, parameter) in network.module.namedParameters {
        let shape = parameter.shape
        let fan = Double(shape.dropLast().reduce(1, *))
        let scale = shape.count == 4 ? (3.0).squareRoot() * 1.2 / fan.squareRoot() : 0.1
        parameter.assign(.noise(name, shape, scale: scale))
      }
    }
    return model
  }()

  private let batch: InpaintingBatch = {
    var holes = Tensor.zeros([2, 32, 32, 1])
    holes.withMutableElements { elements in
      for y in 8..<24 {
        for x in 4..<20 { elements[y * 32 + x] = 1 }
      }
      for y in 0..<16 {
        for x in 16..<32 { elements[(32 + y) * 32 + x] = 1 }
      }
    }
    return InpaintingBatch(images: .noise("images", [2, 32, 32, 3]), holes: holes)
  }()

  @Test func `pictures agree with another program's`() {
    let stages = model.fill(batch).stages
    expectClose(GoldenStep.samples(of: stages[0].pictures), expected["coarse"])
    expectClose(GoldenStep.samples(of: stages[1].pictures), expected["refined"])
  }

  @Test func `the critics' loss and its gradients, through the penalty's, agree with another program's`() {
    func mix(_ name: String) -> Tensor { Tensor.noise(name + " mix", [2, 1, 1, 1]) / 2 + 0.5 }
    let update = model.criticUpdate(
      batch, completed: model.fill(batch).completed, mixes: PenaltyMixes(local: mix("local"), global: mix("global")))
    expectClose([Double(update.terms[0].value)], expected["critic_loss"])
    expectClose(update.gradients.map { [$0].globalNorm }, expected["critic_gradient_norms"])
  }

  @Test func `the generator's loss and its gradients agree with another program's`() {
    var loss = Tensor(0)
    let gradients = valueWithGradient(at: model.generatorParameters) {
      loss = model.generatorLoss(batch, model.fill(batch)).total
      return loss
    }.gradient
    expectClose([Double(loss.scalar)], expected["generator_loss"])
    expectClose(gradients.map { [$0].globalNorm }, expected["generator_gradient_norms"])
  }

  /// Relative to the larger of 1 and the value.
  private func expectClose(_ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    #expect(worst < Self.tolerance, sourceLocation: sourceLocation)
  }
}

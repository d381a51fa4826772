import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillV1CriticObjectiveTests {
  private let batch = tinyBatch(size: 32)
  private let completed = tinyBatch(size: 32).completed(with: .noise("fake", [2, 32, 32, 3]))

  private func update(of model: DeepFillV1, randomness: StepRandomness = .first, occasion: Int = 1) -> NetworkUpdate {
    model.criticUpdate(
      batch, completed: completed, mixes: PenaltyMixes(randomness, count: 2, occasion: occasion))
  }

  /// The loss written down once more, each score by itself.
  private func loss(of model: DeepFillV1, holes: Tensor?, occasion: Int = 1) -> Tensor {
    let windows = HoleWindows(around: batch.holes, size: 16)
    let cases = [
      (model.critic.local, "local", windows.crop(batch.images), windows.crop(completed), holes.map(windows.crop)),
      (model.critic.global, "global", batch.images, completed, holes),
    ]
    return cases.map { critic, name, real, fake, hole in
      let mix = StepRandomness.first.uniform(
        [2, 1, 1, 1], purpose: "gradient penalty, \(name)", occasion: occasion)
      return critic(fake).mean() - critic(real).mean() + 10
        * gradientPenalty(real: real, fake: fake, mix: mix, hole: hole) { critic($0) }
    }.reduce(Tensor(0), +)
  }

  @Test(arguments: DeepFillV1Configuration.PenaltyRegion.allCases)
  func `the loss is the difference of scores and ten times the penalty, of both critics`(
    _ region: DeepFillV1Configuration.PenaltyRegion
  ) {
    let model = tinyV1 { $0.losses.penaltyRegion = region }
    let expected = valueWithGradient(at: model.criticParameters) {
      loss(of: model, holes: region == .hole ? batch.holes : nil)
    }
    let found = update(of: model)
    #expect(found.network == "critic")
    #expect(
      found.terms.map(\.name)
        == ["critic", "local_distance", "global_distance", "local_penalty", "global_penalty"])
    #expect(abs(found.terms[0].value - expected.value.scalar) < 1e-4)
    for (found, expected) in zip(found.gradients, expected.gradient) {
      #expect(found.largestDifference(from: expected) < tolerance(1e-4, 1e-11))
    }
    let terms = found.terms.map(\.value)
    #expect(abs(terms[0] - (10 * (terms[3] + terms[4]) - terms[1] - terms[2])) < 1e-4)
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"))
  func `its gradient agrees with finite differences`() {
    let model = tinyV1()
    let error = GradientCheck.largestError(at: model.criticParameters, samples: 6) {
      loss(of: model, holes: batch.holes)
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `random numbers are those of the step and the update`() {
    let model = tinyV1()
    func penalty(_ seed: UInt64, _ step: Int, occasion: Int) -> [Scalar] {
      let randomness = StepRandomness(seed: seed, step: step)
      return update(of: model, randomness: randomness, occasion: occasion).gradients[0].elements
    }
    #expect(penalty(3, 7, occasion: 1) == penalty(3, 7, occasion: 1))
    #expect(penalty(3, 7, occasion: 1) != penalty(3, 7, occasion: 0))
    #expect(penalty(3, 7, occasion: 1) != penalty(3, 8, occasion: 1))
    #expect(penalty(3, 7, occasion: 1) != penalty(4, 7, occasion: 1))
  }

  @Test func `pictures without a hole do no harm`() {
    let whole = InpaintingBatch(images: batch.images, holes: .zeros([1, 32, 32, 1]))
    let found = tinyV1().criticUpdate(
      whole, completed: whole.images, mixes: PenaltyMixes(.first, count: 2, occasion: 0))
    #expect(found.gradients.allSatisfy { $0.isFinite })
  }
}

import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillV2ObjectiveTests {
  private struct Refusal: Error {}

  private func nextBatch() -> InpaintingBatch { tinyBatch() }

  /// One step without changes of parameters.
  private func updates(of model: DeepFillV2, batches: [InpaintingBatch]) throws -> [NetworkUpdate] {
    var waiting = batches[...]
    var updates: [NetworkUpdate] = []
    func next() -> InpaintingBatch { waiting.removeFirst() }
    try model.trainingStep(randomness: .first, nextBatch: next) { updates.append($0) }
    #expect(waiting.isEmpty)
    return updates
  }

  @Test(arguments: [true, false])
  func `the discriminator is updated first, each network with gradients of its own parameters`(
    _ sharedBatch: Bool
  ) throws {
    let model = tinyModel { $0.sharedBatch = sharedBatch }
    let batches = [tinyBatch("first"), tinyBatch("second")]
    let found = try updates(of: model, batches: sharedBatch ? [batches[0]] : batches)
    #expect(found.map(\.network) == ["discriminator", "generator"])
    #expect(found[0].terms.map(\.name) == ["discriminator", "real_score", "fake_score"])
    #expect(found[1].terms.map(\.name) == ["generator", "adversarial", "coarse", "refined"])
    for (update, module) in [(found[0], model.discriminator as any Module), (found[1], model.generator)] {
      #expect(update.gradients.map(\.shape) == module.parameters.map(\.shape))
      #expect(update.gradients.allSatisfy { $0.elements.contains { $0 != 0 } })
    }
  }

  @Test func `recomputed branches give the same gradients, bit for bit`() throws {
    let kept = try updates(of: tinyModel(), batches: [tinyBatch()])
    let recomputed = try updates(of: tinyModel { $0.checkpointsActivations = true }, batches: [tinyBatch()])
    for (kept, recomputed) in zip(kept, recomputed) {
      #expect(kept.terms == recomputed.terms)
      #expect(kept.gradients.map(\.elements) == recomputed.gradients.map(\.elements))
    }
  }

  @Test func `without sharing, the generator sees the second batch`() throws {
    let model = tinyModel { $0.sharedBatch = false }
    let (first, second) = (tinyBatch("first"), tinyBatch("second"))
    let expected = meanAbsoluteError(model.fill(second).stages[0].pictures, second.images).scalar
    let found = try updates(of: model, batches: [first, second])[1].terms[2].value
    #expect(abs(found - expected) < 1e-5)
    #expect(abs(found - meanAbsoluteError(model.fill(first).stages[0].pictures, first.images).scalar) > 1e-5)
  }

  @Test func `the generator is discriminatorFeatures by the discriminator as it was updated`() throws {
    let model = tinyModel()
    let bias = model.discriminator.conv6.bias!
    var terms: [LossTerm] = []
    try model.trainingStep(randomness: .first, nextBatch: nextBatch) { update in
      // Without weights, the score is the bias.
      if update.network == "discriminator" {
        for parameter in model.discriminator.parameters { parameter.assign(parameter.value * 0.001) }
        bias.assign(Tensor(repeating: 3, shape: bias.shape))
      } else {
        terms = update.terms
      }
    }
    #expect(terms[1].name == "adversarial" && abs(terms[1].value + 3) < 1.5)
  }

  @Test func `the generator's loss is the weighted sum of its terms`() throws {
    let model = tinyModel {
      $0.losses.adversarial = 0.25
      $0.losses.coarse = 2
      $0.losses.refined = 3
    }
    let terms = try updates(of: model, batches: [tinyBatch()])[1].terms.map(\.value)
    #expect(abs(terms[0] - (0.25 * terms[1] + 2 * terms[2] + 3 * terms[3])) < 1e-5)
  }

  @Test(arguments: [true, false])
  func `without a weight on it there is no adversary, and one batch a step`(_ sharedBatch: Bool) throws {
    let model = tinyModel {
      $0.losses.adversarial = 0
      $0.sharedBatch = sharedBatch
    }
    let found = try updates(of: model, batches: [tinyBatch()])
    #expect(found.map(\.network) == ["generator"])
    #expect(found[0].terms.map(\.name) == ["generator", "coarse", "refined"])
    let (all, errors) = (found[0].terms[0].value, found[0].terms[1...].map(\.value))
    #expect(abs(all - errors[0] - errors[1]) < 1e-5)
  }

  @Test func `further terms are those of the second stage, each with its weight`() throws {
    let change: (inout DeepFillV2Configuration) -> Void = {
      $0.losses.error = .holeL1
      $0.losses.gradient = 0.5
      $0.losses.structure = 0.25
      $0.losses.featureMatching = 2
    }
    let (model, batch) = (tinyModel(change), tinyBatch())
    let terms = try updates(of: model, batches: [batch])[1].terms
    #expect(
      terms.map(\.name)
        == ["generator", "adversarial", "coarse", "refined", "gradient", "structure", "feature_matching"])
    let (coarse, refined) = (model.fill(batch).stages[0].pictures, model.fill(batch).stages[1].pictures)
    let expected = [
      holeMeanAbsoluteError(coarse, batch.images, batch.holes),
      holeMeanAbsoluteError(refined, batch.images, batch.holes),
      holeGradientError(refined, batch.images, batch.holes),
      structuralDissimilarity(refined, batch.images, batch.holes),
    ].map(\.scalar)
    for (term, value) in zip(terms[2...5], expected) { #expect(abs(term.value - value) < 1e-5, "\(term.name)") }
    let weights: [Scalar] = [1, 1, 1, 0.5, 0.25, 2]
    let sum = zip(terms.dropFirst(), weights).map { $0.value * $1 }.reduce(0, +)
    #expect(abs(terms[0].value - sum) < 1e-4)
  }

  @Test func `features are compared layer by layer, and originals have none to gain`() throws {
    let model = tinyModel {
      ($0.losses.adversarial, $0.losses.coarse, $0.losses.refined) = (0, 0, 0)
      $0.losses.featureMatching = 1
    }
    let found = try updates(of: model, batches: [tinyBatch()])
    // The discriminator learns, or its features would say nothing.
    #expect(found.map(\.network) == ["discriminator", "generator"])
    #expect(found[1].gradients.contains { $0.elements.contains { $0 != 0 } })
    model.discriminator.setTraining(false)
    let batch = tinyBatch()
    let perfect = Prediction(
      stages: [.init("coarse", batch.images), .init("refined", batch.images)], completed: batch.images)
    #expect(model.generatorLoss(batch, perfect).total.scalar == 0)
    let features = model.discriminator.features(batch.images, conditions: [batch.holes])
    #expect(features.count == 6)
    let scores = model.discriminator(batch.images, conditions: [batch.holes])
    #expect(PatchDiscriminator.scores(of: features).elements == scores.elements)
  }

  @Test func `errors count known pixels too, and are those of the raw pictures`() throws {
    let model = tinyModel()
    let batch = tinyBatch()
    let terms = try updates(of: model, batches: [batch])[1].terms
    for (term, stage) in zip(terms[2...], model.fill(batch).stages) {
      let expected = abs(stage.pictures - batch.images).mean().scalar
      #expect(abs(term.value - expected) < 1e-5)
    }
  }

  @Test func `a refused update ends the step and leaves the parameters free`() throws {
    for refused in ["discriminator", "generator"] {
      let model = tinyModel()
      var seen: [String] = []
      #expect(throws: Refusal.self) {
        try model.trainingStep(randomness: .first, nextBatch: nextBatch) { update in
          seen.append(update.network)
          if update.network == refused { throw Refusal() }
        }
      }
      #expect(seen.last == refused)
      // Would trap were a tape still watching.
      for network in model.networks {
        for parameter in network.module.parameters { parameter.assign(parameter.value) }
      }
    }
  }

  @Test func `a step keeps nothing of the model alive`() throws {
    weak var parameter: Parameter?
    do {
      let model = tinyModel()
      parameter = model.generator.parameters[0]
      try model.trainingStep(randomness: .first, nextBatch: nextBatch) { _ in }
    }
    #expect(parameter == nil)
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"), arguments: [false, true])
  func `the generator's gradient agrees with finite differences`(_ guided: Bool) {
    let model = tinyModel {
      $0.takesEdges = guided
      // Every term there is in one of the two.
      guard guided else { return }
      $0.losses.error = .holeLogMSE
      ($0.losses.gradient, $0.losses.structure, $0.losses.featureMatching) = (1, 1, 1)
    }
    model.discriminator.setTraining(false)
    let batch = tinyBatch(guided: guided)
    let error = GradientCheck.largestError(at: model.generator.parameters, samples: 3) {
      model.generatorLoss(batch, model.fill(batch)).total
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"))
  func `the discriminator's gradient agrees with finite differences`() {
    let model = tinyModel()
    model.discriminator.setTraining(false)
    let batch = tinyBatch()
    let completed = model.fill(batch).completed
    let gradients = model.discriminatorUpdate(batch, completed: completed).gradients
    let error = GradientCheck.largestError(at: model.discriminator.parameters, samples: 5) {
      let conditions = [batch.holes]
      return hingeDiscriminatorLoss(
        real: model.discriminator(batch.images, conditions: conditions),
        fake: model.discriminator(completed, conditions: conditions))
    }
    #expect(error < GradientCheck.tolerance)
    let separate = valueWithGradient(at: model.discriminator.parameters) {
      hingeDiscriminatorLoss(
        real: model.discriminator(batch.images, conditions: [batch.holes]),
        fake: model.discriminator(completed, conditions: [batch.holes]))
    }.gradient
    #expect(zip(gradients, separate).allSatisfy { $0.largestDifference(from: $1) < 1e-9 })
  }

  @Test func `training on one picture brings the errors down`() throws {
    let model = tinyModel()
    let batch = InpaintingBatch(images: .wave([1, 16, 16, 3], frequency: 0.01), holes: tinyBatch(count: 1).holes)
    let optimizers = model.networks.map { Adam($0.module.namedParameters, beta1: 0.5) }
    var errors: [Scalar] = []
    func nextBatch() -> InpaintingBatch { batch }
    for _ in 0..<30 {
      try model.trainingStep(randomness: .first, nextBatch: nextBatch) { update in
        let index = model.networks.firstIndex { $0.name == update.network }!
        optimizers[index].step(gradients: update.gradients, learningRate: 0.01)
        errors += update.terms.filter { $0.name == "refined" }.map(\.value)
      }
    }
    #expect(errors.last! < 0.5 * errors.first!)
  }
}

import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct SecondStageObjectiveTests {
  private func model(
    _ phase: TrainingPhase, _ change: (inout SemanticGuidanceConfiguration) -> Void = { _ in }
  ) -> SemanticGuidance {
    let model = tinySemanticGuidance {
      $0.decoder = .tiny
      change(&$0)
    }
    model.begin(phase)
    return model
  }

  private func updates(_ model: SemanticGuidance, _ batch: InpaintingBatch = labeledBatch()) throws -> [NetworkUpdate] {
    var updates: [NetworkUpdate] = []
    func next() -> InpaintingBatch { batch }
    try model.trainingStep(randomness: .first, nextBatch: next) { updates.append($0) }
    return updates
  }

  @Test(arguments: [
    (TrainingPhase.firstStage, ["discriminator", "generator"]),
    (.secondStage, ["decoder_discriminator", "decoder"]),
    (.joint, ["discriminator", "generator", "decoder_discriminator", "decoder"]),
  ])
  func `a phase changes its networks and no others`(_ phase: TrainingPhase, _ expected: [String]) throws {
    let model = model(phase)
    let found = try updates(model)
    #expect(found.map(\.network) == expected && Set(expected) == Set(phase.networks))
    for update in found {
      let module = try #require(model.networks.first { $0.name == update.network }).module
      #expect(update.gradients.map(\.shape) == module.parameters.map(\.shape))
      let learning = update.gradients.filter { $0.elements.contains { $0 != 0 } }.count
      // Instance normalization takes away some biases.
      #expect(2 * learning > update.gradients.count)
    }
  }

  @Test func `the terms are weighted and summed`() throws {
    let (model, batch) = (model(.secondStage), labeledBatch())
    for network in model.networks { network.module.setTraining(false) }
    let prediction = model.finePrediction(batch)
    let (total, terms) = model.decoderLoss(batch, prediction)
    #expect(terms.map(\.name) == ["decoder", "fine", "decoder_adversarial", "feature_matching"])
    #expect(abs(terms[1].value - abs(prediction.stages[1].pictures - batch.images).mean().scalar) < 1e-5)
    let map = try #require(prediction.conditioningMap)
    let judge = try #require(model.decoderDiscriminator)
    let (found, expected) = (judge.features(prediction.completed, map: map), judge.features(batch.images, map: map))
    let scores = [found[0][4].mean().scalar, found[1][4].mean().scalar]
    let adversarial = -(scores[0] + scores[1]) / 2
    #expect(abs(terms[2].value - adversarial) < 1e-5)
    var matching: Scalar = 0
    for scale in 0..<2 {
      for layer in 0..<4 { matching += abs(found[scale][layer] - expected[scale][layer]).mean().scalar / 2 }
    }
    #expect(abs(terms[3].value - matching) < 1e-4 && matching > 0)
    let sum = terms[1].value + terms[2].value + 10 * terms[3].value
    #expect(abs(total.scalar - sum) < 1e-3)
  }

  @Test func `what is asked for must be seen in the filling`() throws {
    let model = model(.secondStage) {
      $0.decoder?.predictedLabels = 0
      $0.decoder?.losses.fine = 0
      $0.decoder?.losses.adversarial = 0
      $0.decoder?.losses.featureMatching = 0
      $0.decoder?.losses.labelConsistency = 2
    }
    let batch = labeledBatch()
    let update = try #require(updates(model, batch).first)
    #expect(update.network == "decoder" && update.terms.map(\.name) == ["decoder", "label_consistency"])
    #expect(update.gradients.contains { $0.elements.contains { abs($0) > 1e-6 } })
    // The first stage, which does not change, looks at the filling with nothing missing.
    let leaf = StepBatch.Leaf(batch: batch, samples: 0..<batch.images.shape[0], sampleCount: batch.images.shape[0])
    let requested = model.requestingLabels(leaf, .first).batch
    let prediction = model.finePrediction(requested)
    let whole = InpaintingBatch(images: prediction.completed, holes: batch.holes * 0)
    let logits = try #require(model.logits(of: model.coarsePrediction(whole)))
    let followed = try #require(prediction.conditioningMap).sliced(axis: 3, 0..<3)
    let expected = crossEntropy(logits, followed * batch.holes)
    let (total, terms) = model.decoderLoss(requested, prediction)
    #expect(abs(terms[1].value - expected.scalar) < 1e-5 && abs(total.scalar - 2 * expected.scalar) < 1e-4)
  }

  @Test func `the judge learns by the hinge, from real and filled pictures beside the map that was followed`() throws {
    let (model, batch) = (model(.secondStage), labeledBatch())
    for network in model.networks { network.module.setTraining(false) }
    let prediction = model.finePrediction(batch)
    let update = model.decoderDiscriminatorUpdate(batch, prediction)
    let map = try #require(prediction.conditioningMap)
    let judge = try #require(model.decoderDiscriminator)
    let (real, fake) = (judge.features(batch.images, map: map), judge.features(prediction.completed, map: map))
    let hinges = [0, 1].map { scale in hingeDiscriminatorLoss(real: real[scale][4], fake: fake[scale][4]).scalar }
    let expected = (hinges[0] + hinges[1]) / 2
    #expect(abs(update.terms[0].value - expected) < 1e-5 && update.network == "decoder_discriminator")
    #expect(
      update.terms.map(\.name) == ["decoder_discriminator", "decoder_real_score", "decoder_fake_score"])
  }

  @Test func `without adversarial terms the judge is left alone`() throws {
    let model = model(.secondStage) {
      $0.decoder?.losses.adversarial = 0
      $0.decoder?.losses.featureMatching = 0
    }
    let found = try updates(model)
    #expect(found.map(\.network) == ["decoder"] && found[0].terms.map(\.name) == ["decoder", "fine"])
  }

  @Test func `only a joint phase lets the second stage's losses reach the first`() throws {
    func slope(_ phase: TrainingPhase, fine: Double) throws -> Tensor {
      let model = model(phase) { $0.decoder?.losses.fine = fine }
      return try #require(updates(model).first { $0.network == "generator" }).gradients[0]
    }
    #expect(try areIdentical(slope(.firstStage, fine: 1).elements, slope(.firstStage, fine: 9).elements))
    #expect(try slope(.joint, fine: 1).largestDifference(from: slope(.joint, fine: 9)) > 1e-6)
  }

  @Test func `training on one batch brings the error of the second stage down`() throws {
    let model = model(.secondStage) { $0.initialization = .variancePreserving }
    let errors = try #require(try model.valuesOfTerms(steps: 30)["fine"])
    #expect(errors.count == 30 && errors[29] < 0.6 * errors[0])
  }
}

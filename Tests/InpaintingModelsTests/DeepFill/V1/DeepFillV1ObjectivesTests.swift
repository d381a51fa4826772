import Foundation
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

@Suite struct DeepFillV1GeneratorObjectiveTests {
  private let batch = tinyBatch(size: 32)

  private func terms(_ model: DeepFillV1, _ batch: InpaintingBatch) -> [LossTerm] {
    model.generatorLoss(batch, model.fill(batch)).terms
  }

  /// By loops: the mean over all windows' values of |x − y| times what the place counts.
  private func windowError(_ pictures: Tensor, inHolesOnly: Bool = false) -> Double {
    let windows = HoleWindows(around: batch.holes, size: 16)
    var sum = 0.0
    for (sample, corner) in windows.corners.enumerated() {
      for row in 0..<16 {
        for column in 0..<16 {
          let (y, x) = (corner.row + row, corner.column + column)
          let near = min(row, 16 - row, column, 16 - column)
          let hole = inHolesOnly ? Double(batch.holes[sample, y, x, 0]) : 1
          for channel in 0..<3 {
            let error = pictures[sample, y, x, channel] - batch.images[sample, y, x, channel]
            sum += Double(Swift.abs(error)) * pow(0.9, Double(near)) * hole
          }
        }
      }
    }
    return sum / (2 * 16 * 16 * 3)
  }

  @Test func `terms have the weights that they are given`() {
    let model = tinyV1 {
      $0.losses.adversarial = 0.25
      $0.losses.reconstruction = 2
      $0.losses.autoencoding = 3
      $0.losses.coarse = 5
    }
    let terms = terms(model, batch)
    #expect(
      terms.map(\.name) == ["generator", "adversarial", "coarse", "coarse_known", "refined", "refined_known"])
    let values = terms.map { Double($0.value) }
    let expected = 0.25 * values[1] + 2 * (5 * values[2] + values[4]) + 3 * (5 * values[3] + values[5])
    #expect(abs(values[0] - expected) < 1e-4)
  }

  @Test func `errors around holes are discounted, and those of the raw pictures`() {
    let model = tinyV1()
    let stages = model.fill(batch).stages
    let found = terms(model, batch)
    #expect(abs(Double(found[2].value) - windowError(stages[0].pictures)) < 1e-5)
    #expect(abs(Double(found[4].value) - windowError(stages[1].pictures)) < 1e-5)
  }

  @Test func `they count in the holes alone if that is asked for`() {
    let model = tinyV1 { $0.losses.errorRegion = .hole }
    let found = terms(model, batch)[4].value
    let pictures = model.fill(batch).stages[1].pictures
    #expect(abs(Double(found) - windowError(pictures, inHolesOnly: true)) < 1e-5)
    let completed = windowError(batch.completed(with: pictures))
    #expect(abs(Double(found) - completed) < 1e-5)
  }

  @Test func `errors of known pixels are averaged over those`() {
    let model = tinyV1()
    let pictures = model.fill(batch).stages[0].pictures
    var (sum, count) = (0.0, 0.0)
    let errors = abs(pictures - batch.images).elements
    for (index, hole) in batch.holes.elements.enumerated() where hole == 0 {
      count += 3
      for channel in 0..<3 { sum += Double(errors[3 * index + channel]) }
    }
    #expect(abs(Double(terms(model, batch)[3].value) - sum / count) < 1e-5)
  }

  @Test func `pictures without a known pixel do no harm`() {
    let model = tinyV1()
    let missing = InpaintingBatch(images: batch.images, holes: .ones([1, 32, 32, 1]))
    let found = terms(model, missing)
    #expect(found[3].value == 0 && found[5].value == 0)
    #expect(found.allSatisfy { $0.value.isFinite })
  }

  @Test func `the adversarial term is minus both critics' mean scores of the completed pictures`() {
    let model = tinyV1 { $0.losses.globalAdversarial = 3 }
    let completed = model.fill(batch).completed
    let windows = HoleWindows(around: batch.holes, size: 16)
    let expected =
      -model.critic.local(windows.crop(completed)).mean() - 3 * model.critic.global(completed).mean()
    #expect(Swift.abs(terms(model, batch)[1].value - expected.scalar) < 1e-5)
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"))
  func `its gradient agrees with finite differences`() {
    let model = tinyV1 { $0.losses.adversarial = 1 }
    let error = GradientCheck.largestError(at: model.generatorParameters, samples: 3) {
      model.generatorLoss(batch, model.fill(batch)).total
    }
    #expect(error < GradientCheck.tolerance)
  }
}

@Suite struct DeepFillV1TrainingStepTests {
  private struct Refusal: Error {}

  /// One step without changes of parameters, and how many batches it took.
  private func step(_ model: DeepFillV1) throws -> (updates: [NetworkUpdate], batches: Int) {
    var updates: [NetworkUpdate] = []
    var batches = 0
    func next() -> InpaintingBatch {
      batches += 1
      return tinyBatch("batch \(batches)", size: 32)
    }
    try model.trainingStep(randomness: .first, nextBatch: next) { updates.append($0) }
    return (updates, batches)
  }

  @Test func `critics are updated several times before the generator, each with a batch of its own`() throws {
    let model = tinyV1 { $0.schedule.criticUpdates = 3 }
    let (updates, batches) = try step(model)
    #expect(updates.map(\.network) == ["critic", "critic", "critic", "generator"] && batches == 4)
    // Names come once in a step.
    #expect(updates.map(\.terms.count) == [0, 0, 5, 6])
    for update in updates {
      let module: any Module = update.network == "critic" ? model.critic : model.generator
      #expect(update.gradients.map(\.shape) == module.parameters.map(\.shape))
      #expect(update.gradients.contains { $0.elements.contains { $0 != 0 } })
    }
    #expect(updates[0].gradients[0].elements != updates[1].gradients[0].elements)
  }

  @Test func `the last batch serves the generator if it is shared`() throws {
    let model = tinyV1 { $0.schedule.sharesBatch = true }
    let (updates, batches) = try step(model)
    #expect(updates.map(\.network) == ["critic", "critic", "generator"] && batches == 2)
    let second = tinyBatch("batch 2", size: 32)
    let expected = model.generatorLoss(second, model.fill(second)).terms
    for (found, expected) in zip(updates[2].terms, expected) {
      #expect(abs(found.value - expected.value) < 1e-4)
    }
    let critic = model.criticUpdate(
      second, completed: model.fill(second).completed, mixes: PenaltyMixes(.first, count: 2, occasion: 1))
    #expect(updates[1].gradients.map(\.elements) == critic.gradients.map(\.elements))
  }

  @Test func `the first stage is trained alone without critics`() throws {
    let model = tinyV1 { $0.schedule.pretrainsCoarse = true }
    let (updates, batches) = try step(model)
    #expect(updates.map(\.network) == ["generator"] && batches == 1)
    #expect(updates[0].terms.map(\.name) == ["generator", "coarse", "coarse_known"])
    let names = model.generator.namedParameters.map(\.name)
    for (name, gradient) in zip(names, updates[0].gradients) {
      #expect(gradient.elements.contains { $0 != 0 } == name.hasPrefix("coarse."), "\(name)")
    }
  }

  @Test func `recomputed branches give the same gradients, bit for bit`() throws {
    let kept = try step(tinyV1()).updates
    let recomputed = try step(tinyV1 { $0.checkpointsActivations = true }).updates
    for (kept, recomputed) in zip(kept, recomputed) {
      #expect(kept.terms == recomputed.terms)
      #expect(kept.gradients.map(\.elements) == recomputed.gradients.map(\.elements))
    }
  }

  @Test(arguments: ["critic", "generator"], [true, false])
  func `a refused update ends the step and leaves the parameters free`(_ refused: String, _ shared: Bool) {
    let model = tinyV1 { $0.schedule.sharesBatch = shared }
    func batch() -> InpaintingBatch { tinyBatch(size: 32) }
    #expect(throws: Refusal.self) {
      try model.trainingStep(randomness: .first, nextBatch: batch) { update in
        if update.network == refused { throw Refusal() }
      }
    }
    // Would trap were a tape still watching.
    for network in model.networks {
      for parameter in network.module.parameters { parameter.assign(parameter.value) }
    }
  }

  @Test func `training on one picture brings the errors down`() throws {
    let model = tinyV1 {
      $0.width = 4
      $0.initialization = .variancePreserving
    }
    let holes = tinyBatch(count: 1, size: 32).holes
    func batch() -> InpaintingBatch {
      InpaintingBatch(images: .wave([1, 32, 32, 3], frequency: 0.01), holes: holes)
    }
    let optimizers = model.networks.map { Adam($0.module.namedParameters, beta1: 0.5, beta2: 0.9) }
    var errors: [Scalar] = []
    for _ in 0..<30 {
      try model.trainingStep(randomness: .first, nextBatch: batch) { update in
        let index = model.networks.firstIndex { $0.name == update.network }!
        optimizers[index].step(gradients: update.gradients, learningRate: 0.003)
        errors += update.terms.filter { $0.name == "refined_known" }.map(\.value)
      }
    }
    #expect(errors.last! < 0.6 * errors.first!)
  }
}

import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

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

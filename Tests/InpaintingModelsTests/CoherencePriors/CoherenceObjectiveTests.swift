import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct CoherenceObjectiveTests {
  private func updates(_ model: CoherencePriors, _ batch: InpaintingBatch = labeledBatch()) throws -> [NetworkUpdate] {
    var updates: [NetworkUpdate] = []
    func next() -> InpaintingBatch { batch }
    try model.trainingStep(randomness: .first, nextBatch: next) { updates.append($0) }
    return updates
  }

  @Test func `critics learn before the generator, and every parameter of it learns`() throws {
    let model = tinyCoherencePriors()
    for scale in model.generator.scales { scale.propagation?.gamma.assign(Tensor(0.5)) }
    let found = try updates(model)
    #expect(found.map(\.network) == ["discriminator", "structure_critic", "generator"])
    #expect(
      found[2].terms.map(\.name) == [
        "generator", "reconstruction", "segmentation", "adversarial", "structure_coherence", "texture_coherence",
      ])
    for (entry, slope) in zip(model.generator.namedParameters, found[2].gradients) {
      #expect(slope.elements.contains { $0 != 0 }, "\(entry.name)")
    }
  }

  @Test func `a weight of 0 takes a term away, and a critic that nobody listens to`() throws {
    func names(_ change: (inout CoherencePriorsConfiguration.Losses) -> Void) throws -> ([String], [String]) {
      let found = try updates(tinyCoherencePriors { change(&$0.losses) })
      return (found.map(\.network), found.last?.terms.map(\.name) ?? [])
    }
    let structure = try names { $0.structureCoherence = 0 }
    #expect(structure.0 == ["discriminator", "generator"] && !structure.1.contains("structure_coherence"))
    let adversarial = try names { $0.adversarial = 0 }
    // The discriminator's features have the textures.
    #expect(adversarial.0.count == 3 && !adversarial.1.contains("adversarial"))
    let neither = try names { ($0.adversarial, $0.textureCoherence) = (0, 0) }
    #expect(neither.0 == ["structure_critic", "generator"])
    #expect(neither.1 == ["generator", "reconstruction", "segmentation", "structure_coherence"])
    let plain = try updates(tinyCoherencePriors { $0.classes = nil }, tinyBatch(count: 2, size: 32))
    #expect(plain.map(\.network) == ["discriminator", "generator"])
  }

  @Test func `terms are means over the scales, weighted and summed`() throws {
    let model = tinyCoherencePriors { $0.losses.hole = 5 }
    let batch = labeledBatch()
    let prediction = model.fill(batch)
    let (total, terms) = model.generatorLoss(batch, prediction)
    var (errors, entropies): (Scalar, Scalar) = (0, 0)
    let labels = try #require(batch.trueLabels(tinyClasses))
    for (scale, divisor) in zip(prediction.scales, [8, 4, 2, 1]) {
      let expected = batch.images.averagePool(kernel: divisor)
      let hole = batch.holes.maxPool(kernel: divisor)
      let error = abs(scale.pictures - expected)
      errors += (5 * (error * hole).mean().scalar + (error * (1 - hole)).mean().scalar) / 4
      let size = 32 / divisor
      entropies += crossEntropy(scale.logits!, labels.resizedNearest(height: size, width: size)).scalar / 4
    }
    #expect(abs(terms[1].value - errors) < 1e-4 && abs(terms[2].value - entropies) < 1e-4)
    let weights: [Scalar] = [1, 0.5, 0.1, 0.1, 10]
    let sum = zip(weights, terms.dropFirst()).reduce(0) { $0 + $1.0 * $1.1.value }
    #expect(abs(total.scalar - sum) < 1e-3)
  }

  @Test func `errors are divided by their own pixels where that is asked for`() {
    let model = tinyCoherencePriors {
      $0.losses.normalizesAreas = true
      ($0.losses.segmentation, $0.losses.adversarial, $0.losses.structureCoherence, $0.losses.textureCoherence) = (
        0, 0, 0, 0
      )
    }
    let batch = labeledBatch()
    let prediction = model.fill(batch)
    let term = model.generatorLoss(batch, prediction).terms[1].value
    let expected = zip(prediction.scales, [8, 4, 2, 1]).reduce(Scalar(0)) { sum, pair in
      let (scale, divisor) = pair
      let hole = batch.holes.maxPool(kernel: divisor).expanded(to: scale.pictures.shape)
      let error = abs(scale.pictures - batch.images.averagePool(kernel: divisor))
      func mean(_ region: Tensor) -> Scalar { (error * region).sum().scalar / region.sum().scalar }
      return sum + (6 * mean(hole) + mean(1 - hole)) / 4
    }
    #expect(abs(term - expected) < 1e-4)
  }

  @Test func `the structure critic is shown another picture's labels, if there is another`() throws {
    let model = tinyCoherencePriors()
    let critic = try #require(model.structureCritic)
    critic.setTraining(false)
    let batch = labeledBatch()
    let update = model.structureUpdate(critic, batch, model.fill(batch))
    #expect(
      update.terms.map(\.name) == [
        "structure_critic", "structure_critic_real_score", "structure_critic_fake_score",
        "structure_critic_mismatched_score",
      ])
    let labels = try #require(batch.trueLabels(tinyClasses))
    let others = concatenate([labels.sliced(axis: 0, 1..<2), labels.sliced(axis: 0, 0..<1)], axis: 0)
    let score = critic(concatenate([batch.images, others], axis: -1)).mean().scalar
    #expect(abs(update.terms[3].value - score) < 1e-5)
    let alone = labeledBatch(count: 1)
    #expect(model.structureUpdate(critic, alone, model.fill(alone)).terms.count == 3)
  }

  /// The first pictures of a batch, with others of which no class is known after them.
  private func mixed(_ labeled: InpaintingBatch) -> InpaintingBatch {
    let plain = tinyBatch("plain", count: 2, size: 32)
    let labels = labeled.trueLabels(tinyClasses)!
    return InpaintingBatch(
      images: concatenate([labeled.images, plain.images], axis: 0),
      holes: concatenate([labeled.holes, plain.holes], axis: 0),
      conditions: [.labels(tinyClasses): concatenate([labels, .zeros([2, 32, 32, 3])], axis: 0)])
  }

  @Test func `pictures without a map count nothing where labels do`() throws {
    let model = tinyCoherencePriors()
    let critic = try #require(model.structureCritic)
    for network in [critic, model.discriminator] { network.setTraining(false) }
    let (labeled, both) = (labeledBatch(), mixed(labeledBatch()))
    func terms(_ batch: InpaintingBatch) -> [String: Scalar] {
      let prediction = model.fill(batch)
      let terms =
        model.generatorLoss(batch, prediction).terms + model.structureUpdate(critic, batch, prediction).terms
      return Dictionary(terms.map { ($0.name, $0.value) }) { first, _ in first }
    }
    let (expected, found) = (terms(labeled), terms(both))
    #expect(expected.keys == found.keys)
    for (name, value) in expected {
      let other = try #require(found[name])
      switch name {
      case "segmentation", "structure_coherence", "structure_critic", "structure_critic_real_score",
        "structure_critic_fake_score", "structure_critic_mismatched_score":
        #expect(abs(other - value) < 1e-5, "\(name)")
      // Half of the pictures count 0 in its mean.
      case "texture_coherence": #expect(abs(2 * other - value) < 1e-5 * max(1, value))
      default: #expect(other != value, "\(name)")
      }
    }
  }

  @Test func `a batch of which no class is known trains by its pictures alone`() throws {
    let plain = tinyBatch(count: 2, size: 32)
    let batch = plain.with(.labels(tinyClasses), .zeros([2, 32, 32, 3]))
    let found = try updates(tinyCoherencePriors(), batch)
    #expect(found.map(\.network) == ["discriminator", "structure_critic", "generator"])
    #expect(found[1].gradients.allSatisfy { $0.elements.allSatisfy { $0 == 0 } })
    let terms = Dictionary(found[2].terms.map { ($0.name, $0.value) }) { first, _ in first }
    #expect(
      ["segmentation", "structure_coherence", "texture_coherence"].allSatisfy { terms[$0] == 0 }
        && terms["reconstruction"] != 0)
  }

  @Test func `leaves of which one has no labels are the same step as the whole`() throws {
    let batch = mixed(labeledBatch())
    let whole = try updates(tinyCoherencePriors(), batch)
    // The mean over two leaves of what each gives with the counts of both.
    let model = tinyCoherencePriors()
    let leaves = [batch.samples(0..<2), batch.samples(2..<4)]
    let counts = zip(model.lossDivisors(leaves[0]), model.lossDivisors(leaves[1])).map { ($0 + $1) / 2 }
    let critic = try #require(model.structureCritic)
    let buffers = critic.namedBuffers.map { ($0.buffer, $0.buffer.value) }
    let parts = leaves.map { leaf -> [Tensor] in
      for (buffer, value) in buffers { buffer.value = value }
      return model.structureUpdate(critic, leaf, model.fill(leaf), counts: counts).gradients
    }
    for (index, slope) in whole[1].gradients.enumerated() {
      let mean = (parts[0][index] + parts[1][index]) / 2
      #expect(mean.largestDifference(from: slope) < 1e-5)
    }
  }

  @Test func `it learns one picture and its labels`() throws {
    let model = tinyCoherencePriors()
    let labels = Tensor.oneHot((0..<1024).map { $0 / 32 < 16 ? 0 : 2 }, shape: [1, 32, 32, 3])
    let batch = InpaintingBatch(
      images: .wave([1, 32, 32, 3], frequency: 0.01), holes: tinyBatch(count: 1, size: 32).holes,
      conditions: [.labels(tinyClasses): labels])
    func next() -> InpaintingBatch { batch }
    let optimizers = model.networks.map { Adam($0.module.namedParameters, beta1: 0.5, beta2: 0.999) }
    var values: [String: [Scalar]] = [:]
    for _ in 0..<40 {
      try model.trainingStep(randomness: .first, nextBatch: next) { update in
        let index = model.networks.firstIndex { $0.name == update.network }!
        optimizers[index].step(gradients: update.gradients, learningRate: 0.003)
        for term in update.terms { values[term.name, default: []].append(term.value) }
      }
    }
    for name in ["reconstruction", "segmentation"] {
      let found = try #require(values[name])
      #expect(found[39] < found[0] / 2, "\(name): \(found[0]) to \(found[39])")
    }
  }
}

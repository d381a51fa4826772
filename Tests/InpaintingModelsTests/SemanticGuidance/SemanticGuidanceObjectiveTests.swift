import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct SemanticGuidanceObjectiveTests {
  private struct Refusal: Error {}

  @Test func `errors are means over the missing and over the known pixels, of the raw picture`() {
    let (model, batch) = (tinySemanticGuidance(), labeledBatch())
    let prediction = model.fill(batch)
    let (total, terms) = model.generatorLoss(batch, prediction)
    #expect(terms.map(\.name) == ["generator", "hole", "known", "adversarial", "segmentation"])
    var (sums, counts) = ([0.0, 0.0], [0.0, 0.0])
    let (errors, holes) = (abs(prediction.stages[0].pictures - batch.images).elements, batch.holes.elements)
    for (index, error) in errors.enumerated() {
      let region = holes[index / 3] == 1 ? 0 : 1
      sums[region] += Double(error)
      counts[region] += 1
    }
    #expect(abs(Double(terms[1].value) - sums[0] / counts[0]) < 1e-5 && counts[0] > 0)
    #expect(abs(Double(terms[2].value) - sums[1] / counts[1]) < 1e-5)
    let expected = 6 * terms[1].value + terms[2].value + 0.1 * terms[3].value + 0.5 * terms[4].value
    #expect(abs(total.scalar - expected) < 1e-4 && terms[0].value == total.scalar)
    #expect(abs(terms[3].value + model.discriminator(prediction.completed).mean().scalar) < 1e-5)
  }

  @Test func `the cross-entropy is that of the pixels with a class, weighted by class`() throws {
    let batch = labeledBatch()
    let plain = tinySemanticGuidance()
    let weighted = tinySemanticGuidance { $0.losses.classWeights = [1, 0, 3] }
    let logits = try #require(plain.logits(of: plain.fill(batch)))
    let labels = try #require(batch[.labels(tinyClasses)])
    func term(_ model: SemanticGuidance) -> Scalar { model.generatorLoss(batch, model.fill(batch)).terms[4].value }
    #expect(abs(term(plain) - crossEntropy(logits, labels).scalar) < 1e-5)
    let weights = Tensor([1, 0, 3], shape: [3])
    #expect(abs(term(weighted) - crossEntropy(logits, labels, weights: weights).scalar) < 1e-5)
    #expect(plain.lossDivisors(batch)[2] == 2 * 1024 - 32)
  }

  /// The pictures of a batch, with as many after them of which no class is known.
  private func mixed(_ labeled: InpaintingBatch) -> InpaintingBatch {
    let (plain, labels) = (tinyBatch("plain", count: 2, size: 32), labeled.trueLabels(tinyClasses)!)
    return InpaintingBatch(
      images: concatenate([labeled.images, plain.images], axis: 0),
      holes: concatenate([labeled.holes, plain.holes], axis: 0),
      conditions: [.labels(tinyClasses): concatenate([labels, .zeros(labels.shape)], axis: 0)])
  }

  @Test(arguments: [nil, [1, 0, 3]])
  func `pictures without a map count nothing where labels do`(_ weights: [Double]?) {
    let model = tinySemanticGuidance { $0.losses.classWeights = weights }
    model.discriminator.setTraining(false)
    let (labeled, both) = (labeledBatch(), mixed(labeledBatch()))
    func terms(_ batch: InpaintingBatch, counts: [Scalar]? = nil) -> [Scalar] {
      model.generatorLoss(batch, model.fill(batch), counts: counts).terms.map(\.value)
    }
    let (expected, found) = (terms(labeled), terms(both))
    #expect(abs(found[4] - expected[4]) < 1e-5 && expected[4] > 0)
    for other in 1...3 { #expect(found[other] != expected[other]) }
    #expect(model.lossDivisors(both)[2] == model.lossDivisors(labeled)[2])
    // Leaves of which one has no maps are the same step as the whole.
    let leaves = [both.samples(0..<2), both.samples(2..<4)]
    let counts = zip(model.lossDivisors(leaves[0]), model.lossDivisors(leaves[1])).map { ($0 + $1) / 2 }
    let parts = leaves.map { terms($0, counts: counts) }
    #expect(abs((parts[0][4] + parts[1][4]) / 2 - found[4]) < 1e-5 && parts[1][4] == 0)
    // And with no map at all pictures are learned alone.
    #expect(terms(leaves[1])[4] == 0 && terms(leaves[1])[1] > 0)
  }

  @Test func `terms without a weight are left out, and the discriminator with its own`() throws {
    let model = tinySemanticGuidance {
      $0.losses.adversarial = 0
      $0.losses.segmentation = 0
    }
    var updates: [NetworkUpdate] = []
    func batch() -> InpaintingBatch { labeledBatch() }
    try model.trainingStep(randomness: .first, nextBatch: batch) { updates.append($0) }
    #expect(updates.map(\.network) == ["generator"])
    #expect(updates[0].terms.map(\.name) == ["generator", "hole", "known"])
  }

  @Test func `one batch serves the discriminator, then the generator`() throws {
    let model = tinySemanticGuidance()
    var (updates, batches) = ([NetworkUpdate](), 0)
    func batch() -> InpaintingBatch {
      batches += 1
      return labeledBatch()
    }
    try model.trainingStep(randomness: .first, nextBatch: batch) { updates.append($0) }
    #expect(updates.map(\.network) == ["discriminator", "generator"] && batches == 1)
    for (update, network) in zip(updates, [model.networks[1], model.networks[0]]) {
      #expect(update.gradients.map(\.shape) == network.module.parameters.map(\.shape))
      for (gradient, entry) in zip(update.gradients, network.module.namedParameters) {
        // Instance normalization takes away what a bias before it adds.
        let isLost = update.network == "discriminator" && entry.name.hasSuffix("bias")
        #expect(isLost || gradient.elements.contains { $0 != 0 }, "\(entry.name)")
      }
    }
  }

  @Test(arguments: SemanticGuidanceConfiguration.AdversarialLoss.allCases)
  func `the adversarial terms are of the form that is asked for`(_ form: SemanticGuidanceConfiguration.AdversarialLoss)
  {
    let model = tinySemanticGuidance { $0.losses.adversarialLoss = form }
    let batch = labeledBatch()
    let prediction = model.fill(batch)
    let (real, fake) = (model.discriminator(batch.images), model.discriminator(prediction.completed))
    let expected: [Tensor] =
      form == .hinge
      ? [hingeDiscriminatorLoss(real: real, fake: fake), hingeGeneratorLoss(fake: fake)]
      : [leastSquaresDiscriminatorLoss(real: real, fake: fake), leastSquaresGeneratorLoss(fake: fake)]
    let found = [
      model.discriminatorUpdate(batch, completed: prediction.completed).terms[0].value,
      model.generatorLoss(batch, prediction).terms[3].value,
    ]
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected.scalar) < 1e-5) }
  }

  @Test func `training on one batch brings errors and cross-entropy down`() throws {
    let model = tinySemanticGuidance { $0.initialization = .variancePreserving }
    let values = try model.valuesOfTerms(steps: 30)
    for name in ["hole", "known", "segmentation"] {
      let values = try #require(values[name])
      #expect(values[29] < 0.6 * values[0], "\(name)")
    }
  }

  @Test(arguments: ["discriminator", "generator"])
  func `a refused update ends the step and leaves the parameters free`(_ refused: String) {
    let model = tinySemanticGuidance()
    func batch() -> InpaintingBatch { labeledBatch() }
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
}

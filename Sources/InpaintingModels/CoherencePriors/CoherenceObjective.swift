import InpaintingData
import NeuralNetworks
import Tensors

/// The losses of the three networks, and the turns that they take. None of the paper's are public: these are this program's
/// reading, with the weights of public networks of the same kind (Yu et al., 2022, "Unbiased Multi-Modality Guidance for Image
/// Inpainting", of errors, cross-entropy and Gram matrices).
extension CoherencePriors {
  package func trainingStep(_ step: some TrainingStep) throws {
    let batch = try step.nextBatch()
    let pass = GeneratorPass(parameters: generatorParameters, buffers: [], fill: fill)
    var kept: Filling?
    func ahead(_ leaf: StepBatch.Leaf) -> Filling {
      if let kept { return kept }
      let filling = pass.ahead(leaf, of: batch)
      if batch.hasOneLeaf { kept = filling }
      return filling
    }
    // A critic that nobody listens to need not learn.
    if usesDiscriminator {
      try step.update(over: batch) { leaf in discriminatorUpdate(leaf.batch, ahead(leaf)) }
    }
    if configuration.losses.structureCoherence > 0, let structureCritic {
      try step.update(over: batch) { leaf in structureUpdate(structureCritic, leaf.batch, ahead(leaf)) }
    }
    kept = nil
    let counts = try step.mean(over: batch) { lossCounts($0.batch) }
    try step.update(over: batch) { leaf in
      let (tape, filling) = pass.recorded(leaf)
      // Against the new critics, whose own parameters are on no tape now.
      let loss = tape.record { generatorLoss(leaf.batch, filling, counts: counts) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  private var usesDiscriminator: Bool {
    configuration.losses.adversarial > 0
      || (configuration.classes != nil && configuration.losses.textureCoherence > 0 && textureTrunk == nil)
  }

  /// The hinge on real and completed pictures, which are judged in one batch.
  func discriminatorUpdate(_ batch: InpaintingBatch, _ filling: Filling) -> NetworkUpdate {
    update(
      "discriminator", discriminator, real: batch.images, fake: filling.completed.detached(), mismatched: nil)
  }

  /// The hinge on pictures beside label maps: originals beside their own are real, raw fillings beside the predicted ones are
  /// not, and, with half of the weight, originals beside the map of the next picture are not.
  func structureUpdate(_ critic: PatchCritic, _ batch: InpaintingBatch, _ filling: Filling) -> NetworkUpdate {
    guard let labels = labels(of: batch), let last = filling.scales.last, let logits = last.logits else {
      preconditionFailure("CoherencePriors.structureUpdate: expected a batch with labels")
    }
    let count = labels.shape[0]
    // Alone a picture has no other's map.
    let others =
      count == 1
      ? nil
      : concatenate([labels.sliced(axis: 0, 1..<count), labels.sliced(axis: 0, 0..<1)], axis: 0)
    return update(
      "structure_critic", critic, real: concatenate([batch.images, labels], axis: -1),
      fake: concatenate([last.pictures.detached(), softmax(logits.detached())], axis: -1),
      mismatched: others.map { concatenate([batch.images, $0], axis: -1) })
  }

  private func update(
    _ name: String, _ critic: PatchCritic, real: Tensor, fake: Tensor, mismatched: Tensor?
  ) -> NetworkUpdate {
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: critic.parameters) {
      let count = real.shape[0]
      let scores = critic(concatenate([real, fake] + (mismatched.map { [$0] } ?? []), axis: 0))
      let parts = (0..<scores.shape[0] / count).map { scores.sliced(axis: 0, $0 * count..<($0 + 1) * count) }
      terms = zip(["real", "fake", "mismatched"], parts).map { LossTerm("\(name)_\($0)_score", $1.mean()) }
      let hinge = hingeDiscriminatorLoss(real: parts[0], fake: parts[1])
      return parts.count == 2 ? hinge : hinge + 0.25 * relu(1 + parts[2]).mean()
    }
    return NetworkUpdate(network: name, gradients: gradients, terms: [LossTerm(name, loss)] + terms)
  }

  /// The weighted sum of the errors of the raw pictures and of the cross-entropy of the labels, each a mean over the scales, of
  /// both critics' judgments, and of the distance of textures class by class.
  ///
  /// - Parameter counts: The mean of `lossCounts` over the leaves of a step; nil if the batch is the whole of it.
  func generatorLoss(
    _ batch: InpaintingBatch, _ filling: Filling, counts: [Scalar]? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let counts = counts ?? lossCounts(batch)
    let labels = labels(of: batch)
    func ofLabels(_ weight: Double) -> Double { configuration.classes == nil ? 0 : weight }
    let (total, terms) = [
      WeightedTerm("reconstruction", weights.reconstruction) { [self] in
        meanOverScales(filling) { error(batch, $0, divisor: $1, counts: counts) }
      },
      WeightedTerm("segmentation", ofLabels(weights.segmentation)) { [self] in
        meanOverScales(filling) { scale, divisor in
          guard let logits = scale.logits, let labels else {
            preconditionFailure("CoherencePriors.generatorLoss: expected a batch with labels")
          }
          return crossEntropy(
            logits, labels.resizedNearest(height: logits.shape[1], width: logits.shape[2]),
            total: counts[Self.place(of: divisor) + 2])
        }
      },
      WeightedTerm("adversarial", weights.adversarial) { [discriminator] in
        hingeGeneratorLoss(fake: discriminator(filling.completed))
      },
      WeightedTerm("structure_coherence", ofLabels(weights.structureCoherence)) { [structureCritic] in
        guard let structureCritic, let last = filling.scales.last, let logits = last.logits else {
          preconditionFailure("CoherencePriors.generatorLoss: expected classes")
        }
        return hingeGeneratorLoss(fake: structureCritic(concatenate([last.pictures, softmax(logits)], axis: -1)))
      },
      WeightedTerm("texture_coherence", ofLabels(weights.textureCoherence)) { [self] in
        guard let labels else { preconditionFailure("CoherencePriors.generatorLoss: expected a batch with labels") }
        return zip(textureFeatures(filling.completed), textureFeatures(batch.images)).map { found, expected in
          textureCoherenceLoss(
            found, expected, labels: labels, holes: batch.holes, reference: weights.textureReference)
        }.reduce(Tensor(0), +)
      },
    ].weightedSum(after: Tensor(0))
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The errors of one scale at missing and at known pixels, each with its weight: means over all pixels, or over their own.
  private func error(_ batch: InpaintingBatch, _ scale: Filling.Scale, divisor: Int, counts: [Scalar]) -> Tensor {
    let weights = configuration.losses
    let expected = divisor == 1 ? batch.images : batch.images.averagePool(kernel: divisor)
    let holes = batch.holes.reducedByMaximum(by: divisor)
    let errors = abs(scale.pictures - expected)
    func part(_ region: Tensor, _ count: Scalar) -> Tensor {
      let all = Scalar(errors.count / 3)
      // Without such pixels the sum is 0, whatever divides it.
      return (errors * region).sum() / (3 * (weights.normalizesAreas && count > 0 ? count : all))
    }
    let place = Self.place(of: divisor)
    return Scalar(weights.hole) * part(holes, counts[place]) + Scalar(weights.known)
      * part(1 - holes, counts[place + 1])
  }

  private func meanOverScales(_ filling: Filling, _ term: (Filling.Scale, _ divisor: Int) -> Tensor) -> Tensor {
    let terms = filling.scales.enumerated().map { term($1, 8 >> $0) }
    return terms.reduce(Tensor(0), +) / Scalar(terms.count)
  }

  /// The numbers that losses of a batch divide by, for each scale from the deepest: the missing pixels, the known ones, and
  /// those that have a class.
  func lossCounts(_ batch: InpaintingBatch) -> [Scalar] {
    let count = batch.images.shape[0]
    return Self.divisors.flatMap { divisor -> [Scalar] in
      let holes = batch.holes.reducedByMaximum(by: divisor)
      let missing = holes.sum().scalar * Scalar(count / holes.shape[0])
      let (height, width) = (holes.shape[1], holes.shape[2])
      let labeled = labels(of: batch).map { $0.resizedNearest(height: height, width: width).sum().scalar } ?? 0
      return [missing, Scalar(count * height * width) - missing, labeled]
    }
  }

  private static let divisors = [8, 4, 2, 1]

  /// The first of a scale's counts.
  private static func place(of divisor: Int) -> Int { 3 * (3 - divisor.trailingZeroBitCount) }

  func labels(of batch: InpaintingBatch) -> Tensor? {
    configuration.classes.flatMap { batch[.labels($0)] }
      .map { $0.expanded(to: [batch.images.shape[0]] + $0.shape.dropFirst()) }
  }

  /// The features that have the textures: those of VGG16 or its like, or the discriminator's before its scores.
  private func textureFeatures(_ pictures: Tensor) -> [Tensor] {
    textureTrunk?.activations(pictures) ?? Array(discriminator.features(pictures).dropLast(2))
  }
}

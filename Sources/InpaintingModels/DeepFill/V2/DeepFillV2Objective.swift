import InpaintingData
import NeuralNetworks
import Tensors

/// The losses of both networks (Yu et al., 2019, eq. 3 and section 3.3), and their training step.
extension DeepFillV2 {
  package func trainingStep(_ step: some TrainingStep) throws {
    // A discriminator without a loss term need not be trained.
    let isAdversarial = configuration.losses.usesDiscriminator
    let isShared = configuration.sharedBatch || !isAdversarial
    let pass = GeneratorPass(parameters: generatorParameters, buffers: generatorBuffers, fill: self.fill)
    var batch = try step.nextBatch()
    if isAdversarial {
      try step.update(over: batch) { leaf in
        let completed = isShared ? pass.ahead(leaf, of: batch).completed.detached() : fill(leaf.batch).completed
        return discriminatorUpdate(leaf.batch, completed: completed)
      }
    }
    if !isShared { batch = try step.nextBatch() }
    let path = generator.refinement.path
    let missingPositions = try step.mean(over: batch) { path.missingPositions(of: $0.batch) }
    try step.update(over: batch) { leaf in
      let (tape, prediction) = pass.recorded(leaf)
      // The discriminator has been updated before, and this tape does not watch its parameters.
      let loss = tape.record { generatorLoss(leaf.batch, prediction, missingPositions: missingPositions) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  /// The discriminator's hinge loss on real and completed pictures, which are one batch.
  ///
  /// - Parameter completed: The completed pictures, detached, [batch, height, width, 3].
  func discriminatorUpdate(_ batch: InpaintingBatch, completed: Tensor) -> NetworkUpdate {
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: discriminatorParameters) {
      let count = batch.images.shape[0]
      let scores = discriminator(
        concatenate([batch.images, completed], axis: 0), conditions: conditions(batch, repeated: 2))
      let real = scores.sliced(axis: 0, 0..<count)
      let fake = scores.sliced(axis: 0, count..<2 * count)
      terms = [LossTerm("real_score", real.mean()), LossTerm("fake_score", fake.mean())]
      return hingeDiscriminatorLoss(real: real, fake: fake)
    }
    return NetworkUpdate(
      network: "discriminator", gradients: gradients, terms: [LossTerm("discriminator", loss)] + terms)
  }

  /// The generator's loss: the weighted sum of the errors of both stages' raw output and of those terms whose weights
  /// are above 0 (adversarial, image gradient, structural dissimilarity, feature matching, perceptual, and the guidance
  /// loss of shift connections).
  ///
  /// - Parameter missingPositions: The mean of `RefinementPath.missingPositions` over the leaves of a step; nil if the
  ///   batch is the step's only leaf.
  func generatorLoss(
    _ batch: InpaintingBatch, _ prediction: Prediction, missingPositions: [Scalar]? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let discriminatorFeatures =
      weights.usesDiscriminator
      ? discriminator.features(prediction.completed, conditions: conditions(batch, repeated: 1)) : []
    let adversarial =
      weights.adversarial > 0 ? hingeGeneratorLoss(fake: PatchDiscriminator.scores(of: discriminatorFeatures)) : nil
    let errors = prediction.stages.map { (name: $0.name, error: weights.error($0.pictures, batch)) }
    var terms = errors.map { LossTerm($0.name, $0.error) }
    if let adversarial { terms.insert(LossTerm("adversarial", adversarial), at: 0) }
    // The order of the summands determines the rounding of the sum.
    let summands =
      (adversarial.map { [$0 * Scalar(weights.adversarial)] } ?? [])
      + zip(errors, [weights.coarse, weights.refined].suffix(errors.count)).map { $0.error * Scalar($1) }
    var total = summands.dropFirst().reduce(summands[0], +)
    let refined = prediction.stages[errors.count - 1].pictures
    let further = [
      WeightedTerm("gradient", weights.gradient) { holeGradientError(refined, batch.images, batch.holes) },
      WeightedTerm("structure", weights.structure) { structuralDissimilarity(refined, batch.images, batch.holes) },
      WeightedTerm("feature_matching", weights.featureMatching) { [self] in
        featureDistance(
          discriminatorFeatures, discriminator.features(batch.images, conditions: conditions(batch, repeated: 1)))
      },
      WeightedTerm("perceptual", weights.perceptual) { [perceptual] in
        guard let perceptual else {
          preconditionFailure("DeepFillV2.generatorLoss: features are compared; call prepareForTraining before")
        }
        return perceptual.distance(prediction.completed, batch.images)
      },
    ].weightedSum(after: total)
    (total, terms) = (further.total, terms + further.terms)
    let path = generator.refinement.path
    let missingPositions = missingPositions ?? path.missingPositions(of: batch)
    if let shift = generator.shiftGuidanceLoss(prediction.shifted, batch, missingPositions: missingPositions) {
      total = total + shift * Scalar(weights.shiftTarget)
      terms.append(LossTerm("shift_guidance", shift))
    }
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The mean over the layers of the mean absolute differences of features.
  private func featureDistance(_ features: [Tensor], _ expected: [Tensor]) -> Tensor {
    zip(features, expected).map { meanAbsoluteError($0, $1) }.reduce(Tensor(0), +) / Scalar(features.count)
  }

  /// The discriminator's conditions, [batch · count or 1, height, width, 1] each: the holes and, with guidance, the
  /// edges, repeated `count` times along the batch axis unless they have a batch of 1.
  private func conditions(_ batch: InpaintingBatch, repeated count: Int) -> [Tensor] {
    let maps = configuration.takesEdges ? [batch.holes, batch.edgesInHoles] : [batch.holes]
    return maps.map { map in
      map.shape[0] == 1 ? map : concatenate(Array(repeating: map, count: count), axis: 0)
    }
  }
}

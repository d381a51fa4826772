import InpaintingData
import NeuralNetworks
import Tensors

/// The losses of the first stage, and the training step of all networks. The paper's losses are not public; these are
/// an interpretation, with the weights that Zeng et al. (2019) use for errors and the adversarial term.
extension SemanticGuidance {
  package func trainingStep(_ step: some TrainingStep) throws {
    let batch = try step.nextBatch()
    let trained = phase?.networks ?? networks.map(\.name)
    let trainsDecoder = decoder != nil && trained.contains("decoder")
    if trained.contains("generator") { try trainFirstStage(step, batch, isJoint: trainsDecoder) }
    if trainsDecoder { try trainSecondStage(step, batch) }
  }

  /// - Parameter isJoint: True adds the second stage's loss to the generator's, in the joint phase.
  private func trainFirstStage(_ step: some TrainingStep, _ batch: StepBatch, isJoint: Bool) throws {
    func leafOfPass(_ leaf: StepBatch.Leaf) -> StepBatch.Leaf {
      isJoint ? requestingLabels(leaf, step.randomness) : leaf
    }
    let pass = GeneratorPass(
      parameters: generatorParameters, buffers: isJoint ? generatorBuffers + decoderBuffers : generatorBuffers,
      fill: isJoint ? finePrediction : coarsePrediction)
    // Without an adversarial term the discriminator need not be trained.
    if configuration.losses.adversarial > 0 {
      try step.update(over: batch) { leaf in
        let coarse = pass.ahead(leafOfPass(leaf), of: batch).stages[0].pictures.detached()
        return discriminatorUpdate(leaf.batch, completed: leaf.batch.completed(with: coarse))
      }
    }
    let counts = try step.mean(over: batch) { lossDivisors($0.batch) }
    try step.update(over: batch) { leaf in
      let requested = leafOfPass(leaf)
      let (tape, prediction) = pass.recorded(requested)
      // The discriminator has been updated before, and this tape does not watch its parameters.
      let loss = tape.record {
        let first = generatorLoss(leaf.batch, prediction, counts: counts)
        return isJoint ? (first.total + decoderLoss(requested.batch, prediction).total, first.terms) : first
      }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.0), terms: loss.1)
    }
  }

  /// The discriminator's loss on real and completed pictures, which are one batch.
  ///
  /// - Parameter completed: The completed pictures, detached, [batch, height, width, 3].
  func discriminatorUpdate(_ batch: InpaintingBatch, completed: Tensor) -> NetworkUpdate {
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: discriminatorParameters) {
      let count = batch.images.shape[0]
      let scores = discriminator(concatenate([batch.images, completed], axis: 0))
      let (real, fake) = (scores.sliced(axis: 0, 0..<count), scores.sliced(axis: 0, count..<2 * count))
      terms = [LossTerm("real_score", real.mean()), LossTerm("fake_score", fake.mean())]
      return configuration.losses.adversarialLoss.ofDiscriminator(real: real, fake: fake)
    }
    return NetworkUpdate(
      network: "discriminator", gradients: gradients, terms: [LossTerm("discriminator", loss)] + terms)
  }

  /// The generator's loss, a weighted sum of four terms: the mean absolute errors of the raw coarse pictures over
  /// missing and over known pixels; the adversarial term on the completed pictures; and the cross-entropy of the
  /// predicted labels over all pixels that have a class.
  ///
  /// - Parameter counts: The mean of `lossDivisors` over the leaves of a step; nil if the batch is the step's only leaf.
  func generatorLoss(
    _ batch: InpaintingBatch, _ prediction: Prediction, counts: LossCounts? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let counts = counts ?? lossDivisors(batch)
    let errors = abs(prediction.stages[0].pictures - batch.images)
    func mean(_ region: Tensor, _ count: Scalar) -> Tensor {
      // Without pixels in the region the sum is 0, and any positive divisor will do.
      (errors * region).sum() / (3 * (count > 0 ? count : 1))
    }
    let parts = [
      WeightedTerm("hole", weights.hole) { mean(batch.holes, counts[0]) },
      WeightedTerm("known", weights.known) { mean(1 - batch.holes, counts[1]) },
      WeightedTerm("adversarial", weights.adversarial) { [discriminator] in
        weights.adversarialLoss.ofGenerator(fake: discriminator(batch.completed(with: prediction.stages[0].pictures)))
      },
      WeightedTerm("segmentation", generator.labelHead == nil ? 0 : weights.segmentation) { [self] in
        guard let logits = logits(of: prediction), let labels = batch.trueLabels(configuration.classes) else {
          preconditionFailure("SemanticGuidance.generatorLoss: expected a batch with labels")
        }
        return crossEntropy(logits, labels, weights: classWeights, total: counts[2])
      },
    ]
    let (total, terms) = parts.weightedSum(after: Tensor(0))
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The divisors of the losses of a batch: the number of missing pixels, the number of known pixels, and the sum of
  /// the class weights over pixels that have a class.
  typealias LossCounts = [Scalar]

  func lossDivisors(_ batch: InpaintingBatch) -> LossCounts {
    let labeled = batch.trueLabels(configuration.classes).map { crossEntropyTotal($0, weights: classWeights) } ?? 0
    return batch.pixelCounts(batch.holes) + [labeled]
  }

  /// The weights of the classes in the cross-entropy, [classes]; nil for equal weights.
  private var classWeights: Tensor? {
    configuration.losses.classWeights.map { Tensor($0.map { Scalar($0) }, shape: [$0.count]) }
  }
}

extension SemanticGuidanceConfiguration.AdversarialLoss {
  func ofDiscriminator(real: Tensor, fake: Tensor) -> Tensor {
    switch self {
    case .hinge: hingeDiscriminatorLoss(real: real, fake: fake)
    case .leastSquares: leastSquaresDiscriminatorLoss(real: real, fake: fake)
    }
  }

  func ofGenerator(fake: Tensor) -> Tensor {
    switch self {
    case .hinge: hingeGeneratorLoss(fake: fake)
    case .leastSquares: leastSquaresGeneratorLoss(fake: fake)
    }
  }
}

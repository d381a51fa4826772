import InpaintingData
import NeuralNetworks
import Tensors

/// The losses of the second stage's decoder and discriminator. The paper's losses are not public; these are an
/// interpretation, with the weights of Park et al. (2019, appendix A).
extension SemanticGuidance {
  func trainSecondStage(_ step: some TrainingStep, _ batch: StepBatch) throws {
    let pass = GeneratorPass(
      parameters: decoderParameters, buffers: generatorBuffers + decoderBuffers, fill: finePrediction)
    if configuration.decoder?.losses.usesDiscriminator == true {
      try step.update(over: batch) { leaf in
        decoderDiscriminatorUpdate(leaf.batch, pass.ahead(requestingLabels(leaf, step.randomness), of: batch))
      }
    }
    try step.update(over: batch) { leaf in
      let requested = requestingLabels(leaf, step.randomness)
      let (tape, prediction) = pass.recorded(requested)
      let loss = tape.record { decoderLoss(requested.batch, prediction) }
      return NetworkUpdate(network: "decoder", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  /// The discriminator's hinge loss on real and completed pictures, each conditioned on the label map; a mean over the
  /// scales. Real and completed pictures are one batch.
  ///
  /// - Parameter prediction: The output of `finePrediction`.
  func decoderDiscriminatorUpdate(_ batch: InpaintingBatch, _ prediction: Prediction) -> NetworkUpdate {
    let (discriminator, map) = conditionalDiscriminator(of: prediction)
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: decoderDiscriminatorParameters) {
      let count = batch.images.shape[0]
      let scores = discriminator.features(
        concatenate([batch.images, prediction.completed.detached()], axis: 0), map: concatenate([map, map], axis: 0)
      ).map { $0[$0.count - 1] }
      let real = scores.map { $0.sliced(axis: 0, 0..<count) }
      let fake = scores.map { $0.sliced(axis: 0, count..<2 * count) }
      terms = [
        LossTerm("decoder_real_score", real.map { $0.mean() }.mean),
        LossTerm("decoder_fake_score", fake.map { $0.mean() }.mean),
      ]
      return zip(real, fake).map { hingeDiscriminatorLoss(real: $0, fake: $1) }.mean
    }
    return NetworkUpdate(
      network: "decoder_discriminator", gradients: gradients, terms: [LossTerm("decoder_discriminator", loss)] + terms)
  }

  /// The second stage's loss, a weighted sum of five terms: the mean absolute error of the raw fine pictures; the hinge
  /// adversarial term on the completed pictures; feature matching of the discriminator's features; the cross-entropy
  /// between the label map and the labels that the first stage predicts for the completed pictures; and the perceptual
  /// term.
  ///
  /// A sample whose labels were edited has no ground truth in the hole: its error there and its feature matching are 0.
  ///
  /// - Parameters:
  ///   - batch: The batch, with the requested labels among its conditions.
  ///   - prediction: The output of `finePrediction`.
  func decoderLoss(_ batch: InpaintingBatch, _ prediction: Prediction) -> (total: Tensor, terms: [LossTerm]) {
    guard let weights = configuration.decoder?.losses else {
      preconditionFailure("SemanticGuidance.decoderLoss: expected a second stage")
    }
    let (discriminator, map) = conditionalDiscriminator(of: prediction)
    let isEdited = isEdited(batch)
    let discriminatorFeatures = weights.usesDiscriminator ? discriminator.features(prediction.completed, map: map) : []
    let (total, terms) = [
      WeightedTerm("fine", weights.fine) {
        let errors = abs(prediction.stages[1].pictures - batch.images)
        return (isEdited.map { errors * (1 - $0 * batch.holes) } ?? errors).mean()
      },
      WeightedTerm("decoder_adversarial", weights.adversarial) {
        discriminatorFeatures.map { hingeGeneratorLoss(fake: $0[$0.count - 1]) }.mean
      },
      WeightedTerm("feature_matching", weights.featureMatching) {
        // The last output is the scores, which are no features.
        zip(discriminatorFeatures, discriminator.features(batch.images, map: map)).map { found, expected in
          zip(found.dropLast(), expected.dropLast()).map { found, expected in
            let distances = abs(found - expected)
            return (isEdited.map { distances * (1 - $0) } ?? distances).mean()
          }.reduce(Tensor(0), +)
        }.mean
      },
      WeightedTerm("label_consistency", weights.labelConsistency) { [self] in labelConsistency(batch, prediction) },
      WeightedTerm("perceptual", weights.perceptual) { [perceptual] in
        guard let perceptual else {
          preconditionFailure("SemanticGuidance.decoderLoss: features are compared; call prepareForTraining before")
        }
        return perceptual.distance(prediction.completed, batch.images)
      },
    ].weightedSum(after: Tensor(0))
    return (total, [LossTerm("decoder", total)] + terms)
  }

  /// The cross-entropy, at missing pixels, of the first stage's logits for the completed pictures (with no holes)
  /// against the label map that the second stage was given.
  private func labelConsistency(_ batch: InpaintingBatch, _ prediction: Prediction) -> Tensor {
    let whole = InpaintingBatch(
      images: prediction.completed, holes: .zeros([1] + batch.images.shape[1..<3] + [1]), conditions: [:])
    guard let map = prediction.conditioningMap, let logits = logits(of: coarsePrediction(whole)) else {
      preconditionFailure("SemanticGuidance.labelConsistency: expected a prediction of the second stage")
    }
    return crossEntropy(logits, map.sliced(axis: 3, 0..<map.shape[3] - 1) * batch.holes)
  }

  /// The discriminator of the second stage and its condition, [batch, height, width, classes + 1].
  private func conditionalDiscriminator(of prediction: Prediction) -> (
    discriminator: MultiscaleDiscriminator, map: Tensor
  ) {
    guard let decoderDiscriminator, let map = prediction.conditioningMap else {
      preconditionFailure("SemanticGuidance: expected a prediction of the second stage")
    }
    return (decoderDiscriminator, map)
  }
}

extension [Tensor] {
  /// The element-wise mean of tensors of one shape.
  fileprivate var mean: Tensor { reduce(Tensor(0), +) / Scalar(count) }
}

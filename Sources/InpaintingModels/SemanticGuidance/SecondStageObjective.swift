import InpaintingData
import NeuralNetworks
import Tensors

/// The losses of the second stage's decoder and discriminator. The paper's losses are not public; these are an
/// interpretation, with the weights of Park et al. (2019, appendix A).
extension SemanticGuidance {
  func trainSecondStage(_ step: some TrainingStep, _ batch: StepBatch) throws {
    let pass = GeneratorPass(
      parameters: decoderParameters, buffers: generatorBuffers + decoderBuffers, fill: fineFilling)
    if configuration.decoder?.losses.usesDiscriminator == true {
      try step.update(over: batch) { leaf in
        decoderDiscriminatorUpdate(leaf.batch, pass.ahead(requestingLabels(leaf, step.randomness), of: batch))
      }
    }
    try step.update(over: batch) { leaf in
      let requested = requestingLabels(leaf, step.randomness)
      let (tape, filling) = pass.recorded(requested)
      let loss = tape.record { decoderLoss(requested.batch, filling) }
      return NetworkUpdate(network: "decoder", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  /// The discriminator's hinge loss on real and completed pictures, each conditioned on the label map; a mean over the
  /// scales. Real and completed pictures are one batch.
  ///
  /// - Parameter filling: The output of `fineFilling`.
  func decoderDiscriminatorUpdate(_ batch: InpaintingBatch, _ filling: Filling) -> NetworkUpdate {
    let (discriminator, map) = judge(of: filling)
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: decoderDiscriminatorParameters) {
      let count = batch.images.shape[0]
      let scores = discriminator.features(
        concatenate([batch.images, filling.completed.detached()], axis: 0), map: concatenate([map, map], axis: 0)
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
  ///   - filling: The output of `fineFilling`.
  func decoderLoss(_ batch: InpaintingBatch, _ filling: Filling) -> (total: Tensor, terms: [LossTerm]) {
    guard let weights = configuration.decoder?.losses else {
      preconditionFailure("SemanticGuidance.decoderLoss: expected a second stage")
    }
    let (discriminator, map) = judge(of: filling)
    let isEdited = isEdited(batch)
    let judged = weights.usesDiscriminator ? discriminator.features(filling.completed, map: map) : []
    let (total, terms) = [
      WeightedTerm("fine", weights.fine) {
        let errors = abs(filling.stages[1].pictures - batch.images)
        return (isEdited.map { errors * (1 - $0 * batch.holes) } ?? errors).mean()
      },
      WeightedTerm("decoder_adversarial", weights.adversarial) {
        judged.map { hingeGeneratorLoss(fake: $0[$0.count - 1]) }.mean
      },
      WeightedTerm("feature_matching", weights.featureMatching) {
        // The last output is the scores, which are no features.
        zip(judged, discriminator.features(batch.images, map: map)).map { found, expected in
          zip(found.dropLast(), expected.dropLast()).map { found, expected in
            let distances = abs(found - expected)
            return (isEdited.map { distances * (1 - $0) } ?? distances).mean()
          }.reduce(Tensor(0), +)
        }.mean
      },
      WeightedTerm("label_consistency", weights.labelConsistency) { [self] in labelConsistency(batch, filling) },
      WeightedTerm("perceptual", weights.perceptual) { [perceptual] in
        guard let perceptual else {
          preconditionFailure("SemanticGuidance.decoderLoss: features are compared; call prepareForTraining before")
        }
        return perceptual.distance(filling.completed, batch.images)
      },
    ].weightedSum(after: Tensor(0))
    return (total, [LossTerm("decoder", total)] + terms)
  }

  /// The cross-entropy, at missing pixels, of the first stage's logits for the completed pictures (with no holes)
  /// against the label map that the second stage was given.
  private func labelConsistency(_ batch: InpaintingBatch, _ filling: Filling) -> Tensor {
    let whole = InpaintingBatch(
      images: filling.completed, holes: .zeros([1] + batch.images.shape[1..<3] + [1]), conditions: [:])
    guard let map = filling.followed, let logits = logits(of: coarseFilling(whole)) else {
      preconditionFailure("SemanticGuidance.labelConsistency: expected a filling of the second stage")
    }
    return crossEntropy(logits, map.sliced(axis: 3, 0..<map.shape[3] - 1) * batch.holes)
  }

  /// The discriminator of the second stage and its condition, [batch, height, width, classes + 1].
  private func judge(of filling: Filling) -> (discriminator: MultiscaleDiscriminator, map: Tensor) {
    guard let decoderDiscriminator, let map = filling.followed else {
      preconditionFailure("SemanticGuidance: expected a filling of the second stage")
    }
    return (decoderDiscriminator, map)
  }
}

extension [Tensor] {
  /// The element-wise mean of tensors of one shape.
  fileprivate var mean: Tensor { reduce(Tensor(0), +) / Scalar(count) }
}

import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The objective of the network (Liu et al., 2018, section 3.3).
extension PartialConvolution {
  package func trainingStep(_ step: some TrainingStep) throws {
    try step.update(over: step.nextBatch()) { leaf in
      let tape = Tape(watching: generatorParameters)
      let loss = tape.record { self.loss(leaf.batch, generator(leaf.batch)) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  /// The weighted sum of the terms that have a weight.
  ///
  /// - Parameter output: The network's raw pictures.
  /// - Precondition: `prepareForTraining` was called, if a term compares features.
  func loss(_ batch: InpaintingBatch, _ output: Tensor) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let completed = batch.completed(with: output)
    let errors = output - batch.images
    // Means over all elements, so that the two terms are parts of one mean.
    let plain = [
      WeightedTerm("valid", weights.valid) { abs(errors * (1 - batch.holes)).mean() },
      WeightedTerm("hole", weights.hole) { abs(errors * batch.holes).mean() },
      WeightedTerm("total_variation", weights.totalVariation) {
        totalVariation(completed, in: dilated(batch.holes))
      },
    ]
    let all = plain + featureTerms(original: batch.images, output: output, completed: completed)
    let (total, terms) = all.weightedSum(after: Tensor(0))
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The perceptual term (eq. 3) and both style terms (eq. 4 and 5).
  private func featureTerms(original: Tensor, output: Tensor, completed: Tensor) -> [WeightedTerm] {
    guard configuration.usesFeatures else { return [] }
    guard let features else {
      preconditionFailure("PartialConvolution.loss: features are compared; call prepareForTraining before")
    }
    let weights = configuration.losses
    let expected = features(original)
    let (raw, filled) = (features(output), features(completed))
    return [
      WeightedTerm("perceptual", weights.perceptual) { distance(raw, expected) + distance(filled, expected) },
      WeightedTerm("style_output", weights.style) { styleDistance(raw, expected) },
      WeightedTerm("style_completed", weights.style) { styleDistance(filled, expected) },
    ]
  }
}

/// The sum of the mean absolute differences of features at several sizes.
private func distance(_ features: [Tensor], _ expected: [Tensor]) -> Tensor {
  zip(features, expected).map { meanAbsoluteError($0, $1) }.reduce(Tensor(0), +)
}

/// The same of their Gram matrices.
private func styleDistance(_ features: [Tensor], _ expected: [Tensor]) -> Tensor {
  distance(features.map(gramMatrix), expected.map(gramMatrix))
}

extension VGG16Features {
  /// The first three blocks with the weights of a file that torchvision's `vgg16` can be loaded from: `.pth` or safetensors,
  /// of which the first seven convolutions are read.
  ///
  /// - Throws: `Failure` of the kind `data` if the file is of another network, or `inputOutput`.
  convenience init(weights file: WeightFile) throws {
    // A network of the file's own width, as far as a file may say it: the published one, or a narrower one.
    let width = file.shape(of: "features.0.weight")?.first ?? 64
    self.init(
      width: (1...64).contains(width) ? width : 64, initialization: Initialization(seed: 0, weights: .zeros))
    do {
      try load(from: file.path, as: "torchvision's vgg16") { try file.tensorIfAny($0) }
    } catch let failure as Failure where failure.kind == .data {
      throw Failure(
        failure.kind, sentence: "\(failure.sentence.withoutFullStop); Scripts/fetch-vgg16 gets such a file.")
    }
  }
}

import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The loss of the network (Liu et al., 2018, section 3.3) and its training step.
extension PartialConvolution {
  package func trainingStep(_ step: some TrainingStep) throws {
    try step.update(over: step.nextBatch()) { leaf in
      let tape = Tape(watching: generatorParameters)
      let loss = tape.record { self.loss(leaf.batch, generator(leaf.batch)) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  /// The weighted sum of the terms whose weights are above 0.
  ///
  /// - Parameter output: The raw output of the network, [batch, height, width, 3].
  /// - Returns: The total, a scalar tensor, and the terms before weighting.
  /// - Precondition: `prepareForTraining` has been called if a term compares features.
  func loss(_ batch: InpaintingBatch, _ output: Tensor) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let completed = batch.completed(with: output)
    let errors = output - batch.images
    // Both errors are divided by the number of all elements, not of their own region, as in the paper.
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

  /// The perceptual term (eq. 3) and both style terms (eq. 4 and 5) of pictures, [batch, height, width, 3].
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

/// The sum over VGG16's blocks of the mean absolute difference of features.
private func distance(_ features: [Tensor], _ expected: [Tensor]) -> Tensor {
  zip(features, expected).map { meanAbsoluteError($0, $1) }.reduce(Tensor(0), +)
}

/// The sum over VGG16's blocks of the mean absolute difference of Gram matrices.
private func styleDistance(_ features: [Tensor], _ expected: [Tensor]) -> Tensor {
  distance(features.map(gramMatrix), expected.map(gramMatrix))
}

extension VGG16Features {
  /// Loads the first three blocks (seven convolutions) from the state dictionary of torchvision's `vgg16`, a `.pth` or
  /// safetensors file.
  ///
  /// - Throws: `Failure` of the kind `data` if the file holds another network's weights, or `inputOutput`.
  convenience init(weights file: WeightFile) throws {
    // The file's width is trusted only up to the published 64, so that a wrong one cannot ask for a huge network.
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

import InpaintingData
import NeuralNetworks
package import Tensors

/// The losses of the three networks, and their training step. The paper's losses are not public; these are an
/// interpretation, with the weights of errors, cross-entropy and Gram matrices from a similar public network (Yu et
/// al., 2022, "Unbiased Multi-Modality Guidance for Image Inpainting").
extension CoherencePriors {
  package func trainingStep(_ step: some TrainingStep) throws {
    let batch = try step.nextBatch()
    let pass = GeneratorPass(parameters: generatorParameters, buffers: [], fill: fill)
    var kept: Prediction?
    func ahead(_ leaf: StepBatch.Leaf) -> Prediction {
      if let kept { return kept }
      let prediction = pass.ahead(leaf, of: batch)
      if batch.hasOneLeaf { kept = prediction }
      return prediction
    }
    // A discriminator without a loss term need not be trained.
    if usesDiscriminator {
      try step.update(over: batch) { leaf in discriminatorUpdate(leaf.batch, ahead(leaf)) }
    }
    let counts = try step.mean(over: batch) { lossDivisors($0.batch) }
    if configuration.losses.structureCoherence > 0, let structureCritic {
      try step.update(over: batch) { leaf in
        structureUpdate(structureCritic, leaf.batch, ahead(leaf), counts: counts)
      }
    }
    kept = nil
    try step.update(over: batch) { leaf in
      let (tape, prediction) = pass.recorded(leaf)
      // Both discriminators have been updated before, and this tape does not watch their parameters.
      let loss = tape.record { generatorLoss(leaf.batch, prediction, counts: counts) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }

  private var usesDiscriminator: Bool {
    configuration.losses.adversarial > 0
      || (configuration.classes != nil && configuration.losses.textureCoherence > 0 && textureTrunk == nil)
  }

  /// The discriminator's hinge loss on real and completed pictures, which are one batch.
  func discriminatorUpdate(_ batch: InpaintingBatch, _ prediction: Prediction) -> NetworkUpdate {
    update("discriminator", discriminator, real: batch.images, fake: prediction.completed.detached())
  }

  /// The hinge loss of the conditional discriminator, whose input is a picture concatenated with a label map. An
  /// original with its own map is real; a raw prediction with the predicted class probabilities is fake; an original
  /// with the map of the next labeled picture of the batch is fake too, with half of the weight. Pictures without a map
  /// are left out.
  ///
  /// - Parameter counts: The mean of `lossDivisors` over the leaves of a step; nil if the batch is the step's only leaf.
  func structureUpdate(
    _ critic: PatchCritic, _ batch: InpaintingBatch, _ prediction: Prediction, counts: [Scalar]? = nil
  ) -> NetworkUpdate {
    guard let labels = batch.trueLabels(configuration.classes), let last = prediction.scales.last,
      let logits = last.logits
    else { preconditionFailure("CoherencePriors.structureUpdate: expected a batch with labels") }
    let counts = counts ?? lossDivisors(batch)
    let count = labels.shape[0]
    let labeled = batch.labeledPictures(configuration.classes)
    let others = (0..<count).map { sample in labeled.first { $0 > sample } ?? labeled.first ?? sample }
    return update(
      "structure_critic", critic, real: concatenate([batch.images, labels], axis: -1),
      fake: concatenate([last.pictures.detached(), softmax(logits.detached())], axis: -1),
      // A batch of one picture has no other map.
      mismatched: count == 1
        ? nil
        : concatenate(
          [batch.images, concatenate(others.map { labels.sliced(axis: 0, $0..<$0 + 1) }, axis: 0)], axis: -1),
      mean: PictureMean(of: labeled, among: count, total: counts[Self.labeledPlace]),
      pairMean: PictureMean(of: labeled.count > 1 ? labeled : [], among: count, total: counts[Self.pairPlace]))
  }

  /// The gradients of a discriminator's hinge loss, ½ (mean(max(0, 1 − real)) + mean(max(0, 1 + fake))), plus
  /// ¼ mean(max(0, 1 + mismatched)) if there are mismatched pairs.
  ///
  /// - Parameters:
  ///   - real, fake, mismatched: Inputs of the discriminator, [batch, height, width, channels].
  ///   - mean: The mean over the scores of `real` and of `fake`.
  ///   - pairMean: The mean over the scores of `mismatched`.
  private func update(
    _ name: String, _ critic: PatchCritic, real: Tensor, fake: Tensor, mismatched: Tensor? = nil,
    mean: PictureMean = .all, pairMean: PictureMean = .all
  ) -> NetworkUpdate {
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: critic.parameters) {
      let count = real.shape[0]
      let scores = critic(concatenate([real, fake] + (mismatched.map { [$0] } ?? []), axis: 0))
      let parts = (0..<scores.shape[0] / count).map { scores.sliced(axis: 0, $0 * count..<($0 + 1) * count) }
      let means = [mean, mean, pairMean]
      terms = zip(["real", "fake", "mismatched"], zip(parts, means)).map {
        LossTerm("\(name)_\($0)_score", $1.1($1.0))
      }
      let hinge = 0.5 * (mean(relu(1 - parts[0])) + mean(relu(1 + parts[1])))
      return parts.count == 2 ? hinge : hinge + 0.25 * pairMean(relu(1 + parts[2]))
    }
    return NetworkUpdate(network: name, gradients: gradients, terms: [LossTerm(name, loss)] + terms)
  }

  /// The generator's loss, a weighted sum of five terms: the mean absolute error of the raw pictures and the
  /// cross-entropy of the labels, each a mean over the scales; the adversarial terms of both discriminators; and the
  /// distance of textures per class.
  ///
  /// - Parameter counts: The mean of `lossDivisors` over the leaves of a step; nil if the batch is the step's only leaf.
  func generatorLoss(
    _ batch: InpaintingBatch, _ prediction: Prediction, counts: [Scalar]? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let counts = counts ?? lossDivisors(batch)
    let labels = batch.trueLabels(configuration.classes)
    // Computed once for two terms.
    let discriminatorFeatures = usesDiscriminator ? discriminator.features(prediction.completed) : []
    func ofLabels(_ weight: Double) -> Double { configuration.classes == nil ? 0 : weight }
    let (total, terms) = [
      WeightedTerm("reconstruction", weights.reconstruction) { [self] in
        meanOverScales(prediction) { error(batch, $0, divisor: $1, counts: counts) }
      },
      WeightedTerm("segmentation", ofLabels(weights.segmentation)) { [self] in
        meanOverScales(prediction) { scale, divisor in
          guard let logits = scale.logits, let labels else {
            preconditionFailure("CoherencePriors.generatorLoss: expected a batch with labels")
          }
          return crossEntropy(
            logits, labels.resizedNearest(height: logits.shape[1], width: logits.shape[2]),
            total: counts[Self.place(of: divisor) + 2])
        }
      },
      WeightedTerm("adversarial", weights.adversarial) {
        hingeGeneratorLoss(fake: discriminatorFeatures[4])
      },
      WeightedTerm("structure_coherence", ofLabels(weights.structureCoherence)) { [structureCritic, configuration] in
        guard let structureCritic, let last = prediction.scales.last, let logits = last.logits else {
          preconditionFailure("CoherencePriors.generatorLoss: expected classes")
        }
        let mean = PictureMean(
          of: batch.labeledPictures(configuration.classes), among: last.pictures.shape[0],
          total: counts[Self.labeledPlace])
        return -mean(structureCritic(concatenate([last.pictures, softmax(logits)], axis: -1)))
      },
      WeightedTerm("texture_coherence", ofLabels(weights.textureCoherence)) { [self] in
        guard let labels else { preconditionFailure("CoherencePriors.generatorLoss: expected a batch with labels") }
        let count = Self.textureLayers
        let found = textureTrunk?.activations(prediction.completed) ?? Array(discriminatorFeatures.prefix(count))
        let expected = textureTrunk?.activations(batch.images) ?? discriminator.features(batch.images, count: count)
        return zip(found, expected).map { found, expected in
          textureCoherenceLoss(
            found, expected, labels: labels, holes: batch.holes, reference: weights.textureReference)
        }.reduce(Tensor(0), +)
      },
    ].weightedSum(after: Tensor(0))
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The weighted sum of the mean absolute errors of one scale at missing and at known pixels. The divisor is the
  /// number of all pixels or, with `normalizesAreas`, of the pixels of the region.
  private func error(_ batch: InpaintingBatch, _ scale: Prediction.Scale, divisor: Int, counts: [Scalar]) -> Tensor {
    let weights = configuration.losses
    let expected = divisor == 1 ? batch.images : batch.images.averagePool(kernel: divisor)
    let holes = batch.holes.reducedByMaximum(by: divisor)
    let errors = abs(scale.pictures - expected)
    func part(_ region: Tensor, _ count: Scalar) -> Tensor {
      let all = Scalar(errors.count / 3)
      // Without pixels in the region the sum is 0, and any positive divisor will do.
      return (errors * region).sum() / (3 * (weights.normalizesAreas && count > 0 ? count : all))
    }
    let place = Self.place(of: divisor)
    return Scalar(weights.hole) * part(holes, counts[place]) + Scalar(weights.known)
      * part(1 - holes, counts[place + 1])
  }

  private func meanOverScales(_ prediction: Prediction, _ term: (Prediction.Scale, _ divisor: Int) -> Tensor) -> Tensor
  {
    let terms = prediction.scales.enumerated().map { term($1, 8 >> $0) }
    return terms.reduce(Tensor(0), +) / Scalar(terms.count)
  }

  /// The divisors of the losses of a batch. First, for each scale from the deepest, the numbers of missing pixels, of
  /// known pixels and of pixels that have a class; then the number of pictures with a label map, and the number of
  /// mismatched pairs of a picture and another's map.
  func lossDivisors(_ batch: InpaintingBatch) -> [Scalar] {
    let labels = batch.trueLabels(configuration.classes)
    let labeled = Scalar(batch.labeledPictures(configuration.classes).count)
    return Self.divisors.flatMap { divisor -> [Scalar] in
      let holes = batch.holes.reducedByMaximum(by: divisor)
      let ofClasses = labels.map { $0.resizedNearest(height: holes.shape[1], width: holes.shape[2]).sum().scalar }
      return batch.pixelCounts(holes) + [ofClasses ?? 0]
    } + [labeled, labeled > 1 ? labeled : 0]
  }

  private static let divisors = [8, 4, 2, 1]

  /// The index of a scale's first entry in `lossDivisors`.
  private static func place(of divisor: Int) -> Int { 3 * (3 - divisor.trailingZeroBitCount) }

  /// The indices of the two numbers of pictures in `lossDivisors`.
  private static let (labeledPlace, pairPlace) = (12, 13)

  /// The number of the discriminator's layers whose features the texture term compares if no other network is
  /// configured.
  private static let textureLayers = 3
}

/// The mean of a tensor's elements over some of the pictures of a batch.
private struct PictureMean {
  /// 1 for each included picture, else 0: [batch, 1, 1, 1]. Nil if all are included.
  private let counted: Tensor?
  private let total: Scalar

  static let all = PictureMean(of: [], among: 0, total: 0)

  /// - Parameters:
  ///   - pictures: The indices of the included pictures.
  ///   - count: The number of pictures of the batch.
  ///   - total: The divisor: the number of included pictures, averaged over the leaves of a step. If it is 0, the mean
  ///     is 0.
  init(of pictures: [Int], among count: Int, total: Scalar) {
    self.total = total > 0 ? total : 1
    counted =
      total == Scalar(count)
      ? nil : Tensor((0..<count).map { pictures.contains($0) ? 1 : 0 }, shape: [count, 1, 1, 1])
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let counted else { return x.mean() }
    return (x * counted).sum() / (total * Scalar(x.count / x.shape[0]))
  }
}

/// A patch discriminator: five spectrally normalized 4x4 convolutions, the first three with stride 2, and a leaky ReLU
/// after each but the last (as in Nazeri et al., 2019, "EdgeConnect", section 3.1).
package final class PatchCritic: Module {
  let convolutions: [Conv2d]

  /// - Parameters:
  ///   - inputChannels: The channels of a picture and of the map that is concatenated with it, if any.
  ///   - width: The channels of the first convolution; the next three have 2, 4 and 8 times as many.
  init(inputChannels: Int, width: Int, initialization: Initialization) {
    let channels = [inputChannels, width, 2 * width, 4 * width, 8 * width, 1]
    convolutions = (0..<5).map { number in
      Conv2d(
        inputChannels: channels[number], outputChannels: channels[number + 1], kernel: 4, stride: number < 3 ? 2 : 1,
        padding: .explicit(Padding(1)), spectrallyNormalized: true,
        initialization: initialization["convolutions.\(number)"])
    }
  }

  /// The outputs of the first `count` layers. The fifth is the scores, [batch, rows, columns, 1].
  ///
  /// - Parameters:
  ///   - x: [batch, height, width, inputChannels], at least 32x32.
  ///   - count: The number of layers, 1...5.
  package func features(_ x: Tensor, count: Int = 5) -> [Tensor] {
    var features = [x]
    for (number, layer) in convolutions.prefix(count).enumerated() {
      let y = layer(features[number])
      features.append(number < 4 ? Activation.leakyReLU(slope: 0.2)(y) : y)
    }
    return Array(features.dropFirst())
  }

  func callAsFunction(_ x: Tensor) -> Tensor { features(x)[4] }
}

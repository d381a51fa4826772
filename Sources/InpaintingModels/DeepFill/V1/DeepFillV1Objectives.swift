import InpaintingData
import NeuralNetworks
import Tensors

/// The loss of the critics (Yu et al., 2018, section 3.1).
extension DeepFillV1 {
  /// The WGAN-GP loss summed over both critics: the mean score of completed pictures less that of real ones, plus the
  /// weighted gradient penalty.
  ///
  /// - Parameters:
  ///   - completed: The completed pictures, detached, [batch, height, width, 3].
  ///   - mixes: The interpolation factors between real and completed pictures for the gradient penalty.
  ///   - isLogged: True if the update has terms to log; only one update of a step may, because a name is logged once
  ///     per step.
  func criticUpdate(
    _ batch: InpaintingBatch, completed: Tensor, mixes: PenaltyMixes, isLogged: Bool = true
  ) -> NetworkUpdate {
    let windows = HoleWindows(around: batch.holes, size: configuration.localSize)
    let local = CriticCase(
      critic: critic.local, real: windows.crop(batch.images), fake: windows.crop(completed),
      hole: windows.crop(batch.holes), mix: mixes.local)
    let global = CriticCase(
      critic: critic.global, real: batch.images, fake: completed, hole: batch.holes, mix: mixes.global)
    var terms: [LossTerm] = []
    let (loss, gradients) = valueWithGradient(at: criticParameters) {
      let (localDifference, globalDifference) = (local.difference, global.difference)
      let region = configuration.losses.penaltyRegion
      let (localPenalty, globalPenalty) = (local.penalty(in: region), global.penalty(in: region))
      terms = [
        LossTerm("local_distance", -localDifference), LossTerm("global_distance", -globalDifference),
        LossTerm("local_penalty", localPenalty), LossTerm("global_penalty", globalPenalty),
      ]
      return localDifference + globalDifference
        + (localPenalty + globalPenalty) * Scalar(configuration.losses.gradientPenalty)
    }
    return NetworkUpdate(
      network: "critic", gradients: gradients, terms: isLogged ? [LossTerm("critic", loss)] + terms : [])
  }
}

/// The interpolation factors of the gradient penalty for each critic, [batch, 1, 1, 1], in 0...1.
struct PenaltyMixes {
  let local: Tensor
  let global: Tensor
}

extension PenaltyMixes {
  /// - Parameters:
  ///   - count: The number of samples of the step.
  ///   - samples: The indices of the leaf's samples in the step, so that a sample has the same factors however the
  ///     batch is divided into leaves; nil for all.
  ///   - occasion: The index of the critics' update within the step.
  init(_ randomness: StepRandomness, count: Int, samples: Range<Int>? = nil, occasion: Int) {
    func mix(_ critic: String) -> Tensor {
      randomness.uniform([count, 1, 1, 1], purpose: "gradient penalty, " + critic, occasion: occasion)
        .sliced(axis: 0, samples ?? 0..<count)
    }
    self.init(local: mix("local"), global: mix("global"))
  }
}

/// A critic and its inputs: real and fake pictures, [batch, size, size, 3], the holes, [batch or 1, size, size, 1], and
/// the interpolation factors, [batch, 1, 1, 1].
private struct CriticCase {
  let critic: Critic
  let real: Tensor
  let fake: Tensor
  let hole: Tensor
  let mix: Tensor

  /// The mean score of completed pictures less that of real ones, which are one batch.
  var difference: Tensor {
    let count = real.shape[0]
    let scores = critic(concatenate([real, fake], axis: 0))
    return wassersteinCriticLoss(
      real: scores.sliced(axis: 0, 0..<count), fake: scores.sliced(axis: 0, count..<2 * count))
  }

  func penalty(in region: DeepFillV1Configuration.PenaltyRegion) -> Tensor {
    gradientPenalty(real: real, fake: fake, mix: mix, hole: region == .hole ? hole : nil) { critic($0) }
  }
}

/// The loss of the generator (Yu et al., 2018, section 4.1 and algorithm 1).
extension DeepFillV1 {
  /// The weighted sum of the adversarial term on the completed pictures, of each stage's spatially discounted error in
  /// the windows around the holes, of each stage's error at known pixels, and of the guidance loss of shift
  /// connections, if there are any.
  ///
  /// - Parameter counts: The mean of `lossDivisors` over the leaves of a step; nil if the batch is the step's only leaf.
  func generatorLoss(
    _ batch: InpaintingBatch, _ prediction: Prediction, counts: [Scalar]? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let counts = counts ?? lossDivisors(batch)
    let windows = HoleWindows(around: batch.holes, size: configuration.localSize)
    let errors = PictureErrors(batch, windows, weights, knownShare: counts[0])
    let reconstructions = prediction.stages.map { errors.aroundHole($0.pictures) }
    let autoencodings = prediction.stages.map { errors.ofKnownPixels($0.pictures) }
    let stageWeights = [Scalar(weights.coarse), 1]
    func weighted(_ errors: [Tensor]) -> Tensor {
      zip(errors, stageWeights).map { $0 * $1 }.reduce(Tensor(0), +)
    }
    var total =
      weighted(reconstructions) * Scalar(weights.reconstruction) + weighted(autoencodings)
      * Scalar(weights.autoencoding)
    var terms = zip(prediction.stages, zip(reconstructions, autoencodings)).flatMap { stage, errors in
      [LossTerm(stage.name, errors.0), LossTerm(stage.name + "_known", errors.1)]
    }
    if !configuration.pretrainsCoarse {
      let adversarial = adversarialLoss(prediction.completed, windows)
      total = total + adversarial * Scalar(weights.adversarial)
      terms.insert(LossTerm("adversarial", adversarial), at: 0)
    }
    if let shift = generator.shiftGuidanceLoss(prediction.shifted, batch, missingPositions: Array(counts.dropFirst())) {
      total = total + shift * Scalar(weights.shiftTarget)
      terms.append(LossTerm("shift_guidance", shift))
    }
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The divisors of the losses of a batch: the fraction of known pixels, then for each shift connection the number of
  /// missing positions.
  func lossDivisors(_ batch: InpaintingBatch) -> [Scalar] {
    [(1 - batch.holes).mean().scalar] + generator.refinement.path.missingPositions(of: batch)
  }

  private func adversarialLoss(_ completed: Tensor, _ windows: HoleWindows) -> Tensor {
    let local = wassersteinGeneratorLoss(fake: critic.local(windows.crop(completed)))
    let global = wassersteinGeneratorLoss(fake: critic.global(completed))
    return local + global * Scalar(configuration.losses.globalAdversarial)
  }
}

/// The two reconstruction errors of a stage's raw output.
private struct PictureErrors {
  private let batch: InpaintingBatch
  private let windows: HoleWindows
  /// The weight of each pixel of a window, [batch or 1, size, size, 1].
  private let importance: Tensor
  private let target: Tensor
  private let known: Tensor
  private let knownShare: Scalar

  init(
    _ batch: InpaintingBatch, _ windows: HoleWindows, _ weights: DeepFillV1Configuration.Losses, knownShare: Scalar
  ) {
    self.batch = batch
    self.windows = windows
    let discount = spatialDiscount(height: windows.size, width: windows.size, discount: weights.spatialDiscount)
    importance = weights.errorRegion == .hole ? discount * windows.crop(batch.holes) : discount
    target = windows.crop(batch.images)
    known = 1 - batch.holes
    self.knownShare = knownShare
  }

  /// The mean over all elements of the windows of the weighted absolute error.
  func aroundHole(_ pictures: Tensor) -> Tensor {
    (abs(target - windows.crop(pictures)) * importance).mean()
  }

  /// The mean absolute error over the elements of known pixels; 0 if there are no known pixels.
  func ofKnownPixels(_ pictures: Tensor) -> Tensor {
    // Without known pixels the mean is 0, and any positive divisor will do.
    (abs(batch.images - pictures) * known).mean() / (knownShare > 0 ? knownShare : 1)
  }
}

/// The training step: several updates of the critics, then one of the generator (Yu et al., 2018, algorithm 1).
extension DeepFillV1 {
  package func trainingStep(_ step: some TrainingStep) throws {
    let pass = GeneratorPass(parameters: generatorParameters, buffers: generatorBuffers, fill: self.fill)
    let updates = configuration.pretrainsCoarse ? 0 : configuration.schedule.criticUpdates
    // The batch of the critics' last update, if the generator reuses it.
    var shared: StepBatch?
    for occasion in 0..<updates {
      let batch = try step.nextBatch()
      // A step logs each name once, from the last update, when the critics are trained best.
      let isLast = occasion == updates - 1
      let isShared = isLast && configuration.schedule.sharesBatch
      if isShared { shared = batch }
      try step.update(over: batch) { leaf in
        let completed = isShared ? pass.ahead(leaf, of: batch).completed.detached() : fill(leaf.batch).completed
        let mixes = PenaltyMixes(
          step.randomness, count: leaf.sampleCount, samples: leaf.samples, occasion: occasion)
        return criticUpdate(leaf.batch, completed: completed, mixes: mixes, isLogged: isLast)
      }
    }
    let batch = try shared ?? step.nextBatch()
    let counts = try step.mean(over: batch) { lossDivisors($0.batch) }
    try step.update(over: batch) { leaf in
      let (tape, prediction) = pass.recorded(leaf)
      // The critics have been updated before, and this tape does not watch their parameters.
      let loss = tape.record { generatorLoss(leaf.batch, prediction, counts: counts) }
      return NetworkUpdate(network: "generator", gradients: tape.gradients(of: loss.total), terms: loss.terms)
    }
  }
}

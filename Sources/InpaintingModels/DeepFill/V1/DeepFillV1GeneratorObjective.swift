import InpaintingData
import NeuralNetworks
import Tensors

/// The objective of the generator (Yu et al., 2018, section 4.1 and algorithm 1).
extension DeepFillV1 {
  /// The weighted sum of the critics' scores of the completed pictures, of the errors around the holes, which count
  /// less the further they are from what is known, and of the errors of known pixels; the first stage's and the
  /// second's.
  ///
  /// - Parameter counts: The mean of `lossCounts` over the leaves of a step; nil if the batch is the whole of it.
  func generatorLoss(
    _ batch: InpaintingBatch, _ filling: Filling, counts: [Scalar]? = nil
  ) -> (total: Tensor, terms: [LossTerm]) {
    let weights = configuration.losses
    let counts = counts ?? lossCounts(batch)
    let windows = HoleWindows(around: batch.holes, size: configuration.localSize)
    let errors = PictureErrors(batch, windows, weights, knownShare: counts[0])
    let reconstructions = filling.stages.map { errors.aroundHole($0.pictures) }
    let autoencodings = filling.stages.map { errors.ofKnownPixels($0.pictures) }
    let stageWeights = [Scalar(weights.coarse), 1]
    func weighted(_ errors: [Tensor]) -> Tensor {
      zip(errors, stageWeights).map { $0 * $1 }.reduce(Tensor(0), +)
    }
    var total =
      weighted(reconstructions) * Scalar(weights.reconstruction) + weighted(autoencodings)
      * Scalar(weights.autoencoding)
    var terms = zip(filling.stages, zip(reconstructions, autoencodings)).flatMap { stage, errors in
      [LossTerm(stage.name, errors.0), LossTerm(stage.name + "_known", errors.1)]
    }
    if !configuration.pretrainsCoarse {
      let adversarial = adversarialLoss(filling.completed, windows)
      total = total + adversarial * Scalar(weights.adversarial)
      terms.insert(LossTerm("adversarial", adversarial), at: 0)
    }
    if let shift = generator.shiftTargetLoss(filling.shifted, batch, cells: Array(counts.dropFirst())) {
      total = total + shift * Scalar(weights.shiftTarget)
      terms.append(LossTerm("shift_guidance", shift))
    }
    return (total, [LossTerm("generator", total)] + terms)
  }

  /// The numbers of a batch that its losses divide by: the share of pixels that are known, then for each shift connection
  /// how many cells are missing.
  func lossCounts(_ batch: InpaintingBatch) -> [Scalar] {
    [(1 - batch.holes).mean().scalar] + generator.refinement.path.missingCells(of: batch)
  }

  private func adversarialLoss(_ completed: Tensor, _ windows: HoleWindows) -> Tensor {
    let local = wassersteinGeneratorLoss(fake: critic.local(windows.crop(completed)))
    let global = wassersteinGeneratorLoss(fake: critic.global(completed))
    return local + global * Scalar(configuration.losses.globalAdversarial)
  }
}

/// The two errors that each stage's pictures are measured by.
private struct PictureErrors {
  private let batch: InpaintingBatch
  private let windows: HoleWindows
  /// The weight of each pixel of a window: [batch or 1, size, size, 1].
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

  /// The mean over all values of the windows.
  func aroundHole(_ pictures: Tensor) -> Tensor {
    (abs(target - windows.crop(pictures)) * importance).mean()
  }

  /// The mean over all values of known pixels; 0 if there are none.
  func ofKnownPixels(_ pictures: Tensor) -> Tensor {
    // Without known pixels the mean is 0, whatever divides it.
    (abs(batch.images - pictures) * known).mean() / (knownShare > 0 ? knownShare : 1)
  }
}

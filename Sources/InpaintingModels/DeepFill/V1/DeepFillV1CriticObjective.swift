import InpaintingData
import NeuralNetworks
import Tensors

/// The objective of the critics (Yu et al., 2018, section 3.1).
extension DeepFillV1 {
  /// Of each critic, the difference of its scores of completed and real pictures and the penalty on its slopes.
  ///
  /// - Parameters:
  ///   - completed: The filled pictures, on no tape.
  ///   - mixes: Where between real and completed pictures the slopes are taken.
  ///   - isLogged: Whether the update has terms: a step has one number for each name.
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

/// The distances from real pictures at which the critics' slopes are taken, 0...1 for each picture: [batch, 1, 1, 1].
struct PenaltyMixes {
  let local: Tensor
  let global: Tensor
}

extension PenaltyMixes {
  /// - Parameters:
  ///   - count: The number of pictures of the step.
  ///   - samples: Which of them these are: however a batch is divided, a sample has the same numbers. Nil for all.
  ///   - occasion: Which of the step's updates of the critics they are for.
  init(_ randomness: StepRandomness, count: Int, samples: Range<Int>? = nil, occasion: Int) {
    func mix(_ critic: String) -> Tensor {
      randomness.uniform([count, 1, 1, 1], purpose: "gradient penalty, " + critic, occasion: occasion)
        .sliced(axis: 0, samples ?? 0..<count)
    }
    self.init(local: mix("local"), global: mix("global"))
  }
}

/// A critic with what it is to tell apart.
private struct CriticCase {
  let critic: Critic
  let real: Tensor
  let fake: Tensor
  let hole: Tensor
  let mix: Tensor

  /// The mean score of generated pictures less that of real ones; both are judged in one batch.
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

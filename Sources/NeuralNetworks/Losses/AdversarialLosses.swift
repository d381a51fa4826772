package import Tensors

/// Half the mean of max(0, 1 − real) and half that of max(0, 1 + fake): what a discriminator minimizes to score real
/// pictures above 1 and generated ones below −1 (Lim and Ye, 2017; the halves as in Yu et al., 2019). It is 1 while all
/// scores are 0.
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func hingeDiscriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
  0.5 * relu(1 - real).mean() + 0.5 * relu(1 + fake).mean()
}

/// −mean(fake): what a generator minimizes against a discriminator trained with the hinge.
package func hingeGeneratorLoss(fake: Tensor) -> Tensor {
  -fake.mean()
}

/// Half the mean of (real − 1)² and half that of fake²: what a discriminator minimizes to score real pictures 1 and
/// generated ones 0 (Mao et al., 2017, eq. 9 with a = 0, b = 1).
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func leastSquaresDiscriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
  0.5 * square(real - 1).mean() + 0.5 * square(fake).mean()
}

/// The mean of (fake − 1)²: what a generator minimizes against such a discriminator (twice that of eq. 9, with c = 1).
package func leastSquaresGeneratorLoss(fake: Tensor) -> Tensor {
  square(fake - 1).mean()
}

/// mean(fake) − mean(real): what a critic minimizes whose scores have no bound (Arjovsky et al., 2017, eq. 2). Minus it
/// approaches the distance of generated pictures from real ones, as long as something keeps the critic's slopes small.
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func wassersteinCriticLoss(real: Tensor, fake: Tensor) -> Tensor {
  fake.mean() - real.mean()
}

/// −mean(fake): what a generator minimizes against such a critic.
package func wassersteinGeneratorLoss(fake: Tensor) -> Tensor {
  -fake.mean()
}

/// The mean of (slope − 1)² over pictures between real and generated ones, where a picture's slope is the norm of the
/// gradient of its score: it keeps a critic's slopes near 1 (Gulrajani et al., 2017, eq. 3).
///
/// With a hole, only the gradient at missing pixels counts (Yu et al., 2018, eq. 7). A picture at which the critic has
/// no slope at all has no direction in which to make it steeper: it counts as 1 in the mean and gives no gradient.
///
/// - Parameters:
///   - real, fake: [batch, height, width, channels].
///   - mix: How far each picture is from its real end, 0...1: [batch, 1, 1, 1].
///   - hole: [batch or 1, height, width, 1], 1 where pixels are missing; nil if all count.
///   - critic: Scores of pictures, each of its own picture alone.
package func gradientPenalty(
  real: Tensor, fake: Tensor, mix: Tensor, hole: Tensor? = nil, critic: (Tensor) -> Tensor
) -> Tensor {
  precondition(
    real.rank == 4 && real.shape == fake.shape && mix.shape == [real.shape[0], 1, 1, 1],
    "gradientPenalty: the shapes \(real.shape), \(fake.shape) and \(mix.shape) do not fit together")
  let slopes = gradient(at: real + mix * (fake - real)) { critic($0).sum() }
  let squares = square(slopes)
  let counted = hole.map { squares * $0 } ?? squares
  // The root's own slope has no end at 0. The floor is far below every slope that a critic in use has.
  let norms = sqrt(maximum(counted.sum(axes: [1, 2, 3]), Tensor(1e-16)))
  return square(norms - 1).mean()
}

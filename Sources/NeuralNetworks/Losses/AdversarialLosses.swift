package import Tensors

/// The hinge loss of a discriminator, mean(max(0, 1 − real)) / 2 + mean(max(0, 1 + fake)) / 2: it pushes the scores of
/// real pictures above 1 and those of generated ones below −1 (Lim and Ye, 2017; the halves as in Yu et al., 2019). It
/// is 1 if all scores are 0.
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func hingeDiscriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
  0.5 * relu(1 - real).mean() + 0.5 * relu(1 + fake).mean()
}

/// The hinge loss of a generator, −mean(fake).
package func hingeGeneratorLoss(fake: Tensor) -> Tensor {
  -fake.mean()
}

/// The least-squares loss of a discriminator, mean((real − 1)²) / 2 + mean(fake²) / 2: it pushes the scores of real
/// pictures to 1 and those of generated ones to 0 (Mao et al., 2017, eq. 9 with a = 0, b = 1).
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func leastSquaresDiscriminatorLoss(real: Tensor, fake: Tensor) -> Tensor {
  0.5 * square(real - 1).mean() + 0.5 * square(fake).mean()
}

/// The least-squares loss of a generator, mean((fake − 1)²): twice that of Mao et al., 2017, eq. 9, with c = 1.
package func leastSquaresGeneratorLoss(fake: Tensor) -> Tensor {
  square(fake - 1).mean()
}

/// The Wasserstein loss of a critic, mean(fake) − mean(real) (Arjovsky et al., 2017, eq. 2). Its negative approaches
/// the Wasserstein distance between generated and real pictures if the critic's gradient norm is bounded, as by
/// `gradientPenalty`.
///
/// - Parameters:
///   - real, fake: Scores, of any shape.
package func wassersteinCriticLoss(real: Tensor, fake: Tensor) -> Tensor {
  fake.mean() - real.mean()
}

/// The Wasserstein loss of a generator, −mean(fake).
package func wassersteinGeneratorLoss(fake: Tensor) -> Tensor {
  -fake.mean()
}

/// The gradient penalty of WGAN-GP: mean((‖gradient of the score‖ − 1)²) at interpolations of real and generated
/// pictures, which keeps the critic's gradient norm near 1 (Gulrajani et al., 2017, eq. 3).
///
/// With a hole, only the gradient at missing pixels counts (Yu et al., 2018, eq. 7). A picture at which the gradient is
/// 0 counts as 1 in the mean and contributes no gradient, because the norm has no derivative there.
///
/// - Parameters:
///   - real, fake: [batch, height, width, channels].
///   - mix: The coefficients of the interpolation, 0 for real and 1 for fake: [batch, 1, 1, 1].
///   - hole: [batch or 1, height, width, 1], 1 where pixels are missing; nil if all pixels count.
///   - critic: Scores pictures, independently of the others in the batch.
package func gradientPenalty(
  real: Tensor, fake: Tensor, mix: Tensor, hole: Tensor? = nil, critic: (Tensor) -> Tensor
) -> Tensor {
  precondition(
    real.rank == 4 && real.shape == fake.shape && mix.shape == [real.shape[0], 1, 1, 1],
    "gradientPenalty: the shapes \(real.shape), \(fake.shape) and \(mix.shape) do not fit together")
  let slopes = gradient(at: real + mix * (fake - real)) { critic($0).sum() }
  let squares = square(slopes)
  let counted = hole.map { squares * $0 } ?? squares
  // The root's derivative at 0 is infinite. The floor is far below every gradient norm of a critic in use.
  let norms = sqrt(maximum(counted.sum(axes: [1, 2, 3]), Tensor(1e-16)))
  return square(norms - 1).mean()
}

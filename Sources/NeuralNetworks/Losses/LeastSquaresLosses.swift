import Tensors

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

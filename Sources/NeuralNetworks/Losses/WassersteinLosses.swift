import Tensors

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

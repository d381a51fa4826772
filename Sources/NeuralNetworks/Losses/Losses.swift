import Tensors

/// The mean of |x − target| over all elements, known as L1.
package func meanAbsoluteError(_ x: Tensor, _ target: Tensor) -> Tensor {
  precondition(
    x.shape == target.shape, "meanAbsoluteError: shapes \(x.shape) and \(target.shape) differ")
  return abs(x - target).mean()
}

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

package import Tensors

/// Batch normalization of feature maps (Ioffe and Szegedy, 2015), with running statistics for inference, and an
/// activation.
///
/// In training, each channel is normalized to mean 0 and variance 1 over the batch, then scaled by `weight` and shifted
/// by `bias`; the running statistics are updated, the variance in its unbiased form. At inference, or when frozen, the
/// running statistics replace the batch's.
package final class BatchNorm2d: Layer, TrainingDependent {
  /// The part that training does not change.
  package enum Freezing: Sendable {
    case nothing
    /// The running statistics, which replace the batch's.
    case statistics
    /// The running statistics, and `weight` and `bias`, whose gradients are zero.
    case everything
  }

  /// The scale and the shift, [channels]; nil if `isAffine` is false.
  package let weight: Parameter?
  package let bias: Parameter?
  /// The statistics that are used at inference or when frozen, [channels].
  package let runningMean: Buffer
  package let runningVariance: Buffer
  package var isTraining = true
  package var freezing = Freezing.nothing
  private let activation: Activation
  private let momentum: Scalar
  private static let epsilon: Scalar = 1e-5

  /// - Parameters:
  ///   - momentum: The weight of the batch's statistics in the update of the running ones, in 0...1.
  ///   - isAffine: True for a scale and a shift after the normalization.
  ///   - activation: The activation after the normalization.
  package init(
    channels: Int, momentum: Scalar = 0.1, isAffine: Bool = true, activation: Activation = .identity
  ) {
    precondition(channels > 0, "BatchNorm2d: the number of channels (\(channels)) must be positive")
    precondition((0...1).contains(momentum), "BatchNorm2d: the momentum (\(momentum)) must lie in 0...1")
    self.momentum = momentum
    self.activation = activation
    weight = isAffine ? Parameter(.ones([channels])) : nil
    bias = isAffine ? Parameter(.zeros([channels])) : nil
    runningMean = Buffer(.zeros([channels]), dependsOnSamples: true)
    runningVariance = Buffer(.ones([channels]), dependsOnSamples: true)
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let channels = runningMean.value.shape[0]
    precondition(
      x.rank == 4 && x.shape[3] == channels,
      "BatchNorm2d: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    guard isTraining, freezing == .nothing else { return activation(normalizedByRunningStatistics(x)) }
    let (value, mean, variance) = batchNormalized(
      x, weight: weight?.value ?? .ones([channels]), bias: bias?.value ?? .zeros([channels]), epsilon: Self.epsilon,
      activation: activation.isFusible ? activation : .identity)
    let count = x.count / channels
    // The unbiased variance of a single pixel is undefined.
    let unbiased = variance * (Scalar(count) / Scalar(max(1, count - 1)))
    runningMean.value = moved(runningMean.value, towards: mean)
    runningVariance.value = moved(runningVariance.value, towards: unbiased)
    return activation.isFusible ? value : activation(value)
  }

  private func normalizedByRunningStatistics(_ x: Tensor) -> Tensor {
    guard let weight = weight?.value, let bias = bias?.value else {
      return (x - runningMean.value) / sqrt(runningVariance.value + Self.epsilon)
    }
    return normalized(
      x, freezing == .everything ? (weight.detached(), bias.detached()) : (weight, bias))
  }

  private func normalized(_ x: Tensor, _ affine: (weight: Tensor, bias: Tensor)) -> Tensor {
    let scale = affine.weight / sqrt(runningVariance.value + Self.epsilon)
    return x * scale + (affine.bias - runningMean.value * scale)
  }

  private func moved(_ running: Tensor, towards batch: Tensor) -> Tensor {
    running * (1 - momentum) + batch * momentum
  }
}

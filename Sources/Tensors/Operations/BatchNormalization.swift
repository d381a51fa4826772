import Kernels
import Synchronization

/// Batch normalization (Ioffe and Szegedy, 2015, algorithm 1) with an activation: each channel is normalized to mean 0
/// and variance 1 over batch and positions, scaled and shifted.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - weight, bias: The scale and the shift, [channels].
///   - epsilon: Added to the variance before the root.
///   - activation: A fusible activation: identity, ReLU, leaky ReLU or ELU.
/// - Returns: The output, of the shape of `x`, and each channel's mean and biased variance, [channels], through which
///   no gradient flows.
package func batchNormalized(
  _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Scalar, activation: Activation = .identity
) -> (value: Tensor, mean: Tensor, variance: Tensor) {
  activation.requireFusible("batchNormalized")
  precondition(
    x.rank == 4 && x.count > 0 && weight.shape == [x.shape[3]] && bias.shape == weight.shape,
    "batchNormalized: features of shape \(x.shape), a weight of shape \(weight.shape) and a bias of shape "
      + "\(bias.shape) do not fit together")
  let rule = BatchNormalizationRule(x, weight, bias, epsilon: epsilon, activation)
  let value = rule.value(x).recorded(
    keepingOutput: activation != .identity,
    from: (x, { rule.gradient(at: .features, $0, output: $1) }),
    (weight, { rule.gradient(at: .weight, $0, output: $1) }),
    (bias, { rule.gradient(at: .bias, $0, output: $1) }))
  return (value, rule.mean, rule.variance)
}

/// Batch normalization and its pullback: fused kernels, or, if the gradient is to be differentiated again, the formula
/// in tensor operations.
private final class BatchNormalizationRule: Sendable {
  enum Argument: Int {
    case features
    case weight
    case bias
  }

  let mean: Tensor
  let variance: Tensor
  private let x: SavedTensor
  private let weight: Tensor
  private let bias: Tensor
  private let epsilon: Scalar
  private let activation: Activation
  private let inverseStandardDeviation: Tensor
  /// The weight divided by the standard deviation.
  private let scale: Tensor
  private let pixels: Int
  private let channels: Int
  /// The sums of the last cotangent, which the gradients of all three arguments use.
  private let summed = Mutex<(cotangent: Tensor, sums: Tensor)?>(nil)

  init(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, epsilon: Scalar, _ activation: Activation) {
    channels = x.shape[3]
    pixels = x.count / channels
    let (mean, variance) = x.channelMoments
    self.mean = mean
    self.variance = variance
    self.x = SavedTensor(x)
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
    self.activation = activation
    inverseStandardDeviation = 1 / sqrt(variance + epsilon)
    scale = weight.detached() * inverseStandardDeviation
  }

  func value(_ x: Tensor) -> Tensor {
    Tensor(shape: x.shape) { out in
      normalize(
        pixels: pixels, channels: channels, x.source,
        ChannelScales(mean: mean.source, scale: scale.source, bias: bias.source), activation, into: out.baseAddress!)
    }
  }

  func gradient(at argument: Argument, _ cotangent: Tensor, output: Tensor) -> Tensor {
    if Tape.isRecording {
      return Tensors.gradient(at: [x.value, weight, bias]) { (self.formula($0[0], $0[1], $0[2]) * cotangent).sum() }[
        argument.rawValue]
    }
    let x = x.value
    let features = NormalizedFeatures(
      pixels: pixels, channels: channels, x: x.source, output: output.source, cotangent: cotangent.source,
      activation: activation, mean: mean.source, inverseStandardDeviation: inverseStandardDeviation.source)
    return withExtendedLifetime(x) {
      let sums = sums(features, of: cotangent)
      switch argument {
      case .features:
        return Tensor(shape: x.shape) { out in
          batchNormalizationGradient(features, scale: scale.source, sums: sums.source, into: out.baseAddress!)
        }
      case .weight: return sums.sliced(axis: 0, 1..<2).reshaped(to: [channels])
      case .bias: return sums.sliced(axis: 0, 0..<1).reshaped(to: [channels])
      }
    }
  }

  private func sums(_ features: NormalizedFeatures, of cotangent: Tensor) -> Tensor {
    if let known = summed.withLock({ $0 }), known.cotangent.storage === cotangent.storage { return known.sums }
    let sums = Tensor(shape: [2, channels]) { batchNormalizationSums(features, into: $0.baseAddress!) }
    summed.withLock { $0 = (cotangent, sums) }
    return sums
  }

  private func formula(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
    let centered = x - x.mean(axes: [0, 1, 2])
    let variance = square(centered).mean(axes: [0, 1, 2])
    return activation(centered * (weight / sqrt(variance + epsilon)) + bias)
  }
}

extension Tensor {
  /// Each channel's mean and biased variance over all pixels; no gradient.
  fileprivate var channelMoments: (mean: Tensor, variance: Tensor) {
    let channels = shape[3]
    var variance = Tensor.zeros([channels])
    let mean = Tensor(shape: [channels]) { mean in
      variance.withMutableElements { variance in
        Kernels.channelMoments(
          pixels: count / channels, channels: channels, source, mean: mean.baseAddress!, variance: variance.baseAddress!
        )
      }
    }
    return (mean, variance)
  }
}

import Kernels

/// Instance normalization with an activation (Ulyanov et al., 2016, eq. 3): each channel of each sample is normalized
/// to mean 0 and variance 1 over the positions, without scale and shift.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - epsilon: Added to the biased variance before the root.
///   - activation: A fusible activation: identity, ReLU, leaky ReLU or ELU.
package func instanceNormalized(
  _ x: Tensor, epsilon: Scalar = 1e-5, activation: Activation = .identity
) -> Tensor {
  activation.requireFusible("instanceNormalized")
  precondition(
    x.rank == 4 && x.count > 0, "instanceNormalized: expected [batch, height, width, channels], found \(x.shape)")
  let rule = InstanceNormalizationRule(x, epsilon: epsilon, activation)
  return rule.value(x).recorded(
    keepingOutput: activation != .identity, from: (x, { rule.gradient($0, output: $1) }))
}

/// Instance normalization and its pullback: fused kernels, or, if the gradient is to be differentiated again, the
/// formula in tensor operations.
private final class InstanceNormalizationRule: Sendable {
  private let x: SavedTensor
  private let epsilon: Scalar
  private let activation: Activation
  /// The mean per sample and channel, [batch, channels].
  private let mean: Tensor
  private let inverseStandardDeviation: Tensor
  private let zeros: Tensor
  private let batch: Int
  private let pixels: Int
  private let channels: Int

  init(_ x: Tensor, epsilon: Scalar, _ activation: Activation) {
    self.x = SavedTensor(x)
    self.epsilon = epsilon
    self.activation = activation
    let (batch, pixels, channels) = (x.shape[0], x.shape[1] * x.shape[2], x.shape[3])
    (self.batch, self.pixels, self.channels) = (batch, pixels, channels)
    var variance = Tensor.zeros([batch, channels])
    mean = Tensor(shape: [batch, channels]) { mean in
      variance.withMutableElements { variance in
        for picture in 0..<batch {
          channelMoments(
            pixels: pixels, channels: channels, x.source + picture * pixels * channels,
            mean: mean.baseAddress! + picture * channels, variance: variance.baseAddress! + picture * channels)
        }
      }
    }
    inverseStandardDeviation = 1 / sqrt(variance + epsilon)
    zeros = .zeros([channels])
  }

  func value(_ x: Tensor) -> Tensor {
    Tensor(shape: x.shape) { out in
      for picture in 0..<batch {
        let (start, first) = (picture * pixels * channels, picture * channels)
        normalize(
          pixels: pixels, channels: channels, x.source + start,
          ChannelScales(mean: mean.source + first, scale: inverseStandardDeviation.source + first, bias: zeros.source),
          activation, into: out.baseAddress! + start)
      }
    }
  }

  func gradient(_ cotangent: Tensor, output: Tensor) -> Tensor {
    let x = x.value
    if Tape.isRecording { return Tensors.gradient(at: x) { (self.formula($0) * cotangent).sum() } }
    return withExtendedLifetime((x, output)) {
      Tensor(shape: x.shape) { out in
        var sums = [Scalar](repeating: 0, count: 2 * channels)
        for picture in 0..<batch {
          let (start, first) = (picture * pixels * channels, picture * channels)
          let features = NormalizedFeatures(
            pixels: pixels, channels: channels, x: x.source + start,
            output: activation == .identity ? x.source + start : output.source + start,
            cotangent: cotangent.source + start, activation: activation, mean: mean.source + first,
            inverseStandardDeviation: inverseStandardDeviation.source + first)
          sums.withUnsafeMutableBufferPointer { sums in
            batchNormalizationSums(features, into: sums.baseAddress!)
            batchNormalizationGradient(
              features, scale: inverseStandardDeviation.source + first, sums: sums.baseAddress!,
              into: out.baseAddress! + start)
          }
        }
      }
    }
  }

  private func formula(_ x: Tensor) -> Tensor {
    let centered = x - x.mean(axes: [1, 2])
    let variance = square(centered).mean(axes: [1, 2])
    return activation(centered * (1 / sqrt(variance + epsilon)))
  }
}

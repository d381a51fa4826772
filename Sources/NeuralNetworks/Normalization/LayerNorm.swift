package import Tensors

/// Layer normalization (Ba, Kiros and Hinton, 2016): the channels of each position are normalized to mean 0 and
/// variance 1, then scaled by `weight` and shifted by `bias`. It is the same in training and at inference.
///
/// Input and output are [..., channels].
package final class LayerNorm: Layer {
  /// The scale and the shift, [channels].
  package let weight: Parameter
  package let bias: Parameter

  private static let epsilon: Scalar = 1e-5

  package init(channels: Int) {
    precondition(channels > 0, "LayerNorm: the number of channels (\(channels)) must be positive")
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let channels = weight.shape[0]
    precondition(x.shape.last == channels, "LayerNorm: expected [..., \(channels)], found shape \(x.shape)")
    let centered = x - x.mean(axes: [-1])
    let variance = square(centered).mean(axes: [-1])
    return centered * (1 / sqrt(variance + Self.epsilon)) * weight.value + bias.value
  }
}

import NeuralNetworks
import Tensors

/// The kind of the convolutions of a network with coherence priors.
package enum ConvolutionType: String, CaseIterable, Sendable {
  case plain
  /// Gated by a second half of channels (Yu et al., 2019), with ELU.
  case gated
  /// Of the known pixels alone (Liu et al., 2018).
  case partial
}

/// A convolution, instance normalization and leaky ReLU.
///
/// Input and output [batch, height, width, channels], with what of them is known; plain and gated convolutions take all for
/// known.
final class CoherenceConv: Module {
  /// One of the three.
  let conv: Conv2d?
  let gatedConv: GatedConv2d?
  let partialConv: PartialConv2d?

  init(
    _ type: ConvolutionType, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1,
    initialization: Initialization
  ) {
    // What a bias adds, the normalization takes away.
    conv =
      type != .plain
      ? nil
      : Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: false,
        initialization: initialization)
    gatedConv =
      type != .gated
      ? nil
      : GatedConv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: .elu,
        initialization: initialization)
    partialConv =
      type != .partial
      ? nil
      : PartialConv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: false,
        initialization: initialization)
  }

  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures {
    if let partialConv { return normalized(partialConv(x)) }
    return normalized(convolved(x.values))
  }

  /// The features of a deeper scale, doubled in height and width, beside those that skip to it.
  func callAsFunction(doubled x: Tensor, beside skip: KnownFeatures) -> Tensor {
    if let partialConv { return normalized(partialConv(doubled: everywhere(x), beside: skip)).values }
    return normalized(convolved(concatenate([x.upsampledNearest(by: 2), skip.values], axis: -1))).values
  }

  private func convolved(_ x: Tensor) -> KnownFeatures {
    guard let layer: any Layer = conv ?? gatedConv else {
      preconditionFailure("CoherenceConv: expected a convolution, found none")
    }
    return everywhere(layer(x))
  }

  private func normalized(_ x: KnownFeatures) -> KnownFeatures {
    KnownFeatures(instanceNormalized(x.values, activation: .leakyReLU(slope: 0.2)), known: x.known)
  }

  private func everywhere(_ x: Tensor) -> KnownFeatures {
    KnownFeatures(x, known: .ones([1, x.shape[1], x.shape[2], 1]))
  }
}

import NeuralNetworks
import Tensors

/// A row of the paper's table of layers: a partial convolution, batch normalization, an activation.
final class PartialBlock: Module {
  let convolution: PartialConv2d
  /// Nil for the layers next to the picture. Pixels of the hole count in its statistics, as zeros; that is why fine-tuning
  /// freezes them.
  let normalization: BatchNorm2d?
  /// The function that follows where nothing normalizes.
  private let activation: Activation

  /// - Parameters:
  ///   - inputs: The number of channels; a decoder's are those of both groups.
  ///   - outputs: The number of channels.
  ///   - filters: The rule by which they start.
  init(
    from inputs: Int, to outputs: Int, kernel: Int, stride: Int, bias: Bool, isNormalized: Bool, activation: Activation,
    rule: PartialConvolutionRule, filters: Initializer = .kaimingNormal(), initialization: Initialization
  ) {
    convolution = PartialConv2d(
      inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: bias, rule: rule,
      initialization: initialization["convolution"].with(weights: filters))
    normalization = isNormalized ? BatchNorm2d(channels: outputs, activation: activation) : nil
    self.activation = activation
  }

  /// A layer of the encoder.
  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures { finished(convolution(x)) }

  /// A layer of the decoder: the features of the level below, enlarged, beside those of the encoder.
  func callAsFunction(doubled x: KnownFeatures, beside skip: KnownFeatures) -> KnownFeatures {
    finished(convolution(doubled: x, beside: skip))
  }

  private func finished(_ x: KnownFeatures) -> KnownFeatures {
    KnownFeatures(normalization?(x.values) ?? activation(x.values), known: x.known)
  }
}

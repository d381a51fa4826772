import NeuralNetworks
import Tensors

/// Scores of classes for each pixel, from the first stage's features at a quarter of the size: 3x3 convolutions with ELU,
/// two of them after pixels are doubled, and a 1x1 convolution. This program's own reading, not the authors'.
///
/// Input [batch, height, width, channels], output [batch, 4 · height, 4 · width, classes], before any softmax.
final class LabelHead: Layer {
  let conv1, conv2, conv3, score: Conv2d

  /// - Parameters:
  ///   - channels: Those of the features, even.
  ///   - filters: The rule for fresh filters.
  init(channels: Int, classes: Int, filters: Initializer, initialization: Initialization) {
    func layer(_ name: String, from inputs: Int, to outputs: Int, upsampling: Int = 1) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 3, activation: .elu, upsampling: upsampling,
        initialization: initialization[name].with(weights: filters))
    }
    conv1 = layer("conv1", from: channels, to: channels)
    conv2 = layer("conv2", from: channels, to: channels / 2, upsampling: 2)
    conv3 = layer("conv3", from: channels / 2, to: channels / 2, upsampling: 2)
    score = Conv2d(
      inputChannels: channels / 2, outputChannels: classes, kernel: 1,
      initialization: initialization["score"].with(weights: filters))
  }

  func callAsFunction(_ x: Tensor) -> Tensor { x.through(conv1, conv2, conv3, score) }
}

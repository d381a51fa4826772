import NeuralNetworks
import Tensors

/// Makes the rows of the paper's table of layers: what they have in common is said once.
struct DeepFillV1Layers {
  private let padding: PaddingRule
  private let filters: Initializer
  private let initialization: Initialization

  init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
    padding = configuration.padding.rule
    filters = configuration.filters
    self.initialization = initialization
  }

  func callAsFunction(
    _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1,
    activation: Activation = .elu, upsampling: Int = 1
  ) -> Conv2d {
    Conv2d(
      inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, dilation: dilation,
      padding: padding, activation: activation, upsampling: upsampling,
      initialization: initialization[name].with(weights: filters))
  }

  /// The last convolution of a network: three colours, as they come.
  func picture(_ name: String, from inputs: Int) -> Conv2d {
    self(name, from: inputs, to: 3, activation: .identity)
  }
}

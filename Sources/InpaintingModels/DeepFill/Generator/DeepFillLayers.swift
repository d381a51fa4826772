import NeuralNetworks
import Tensors

/// Makes the rows of the paper's table of layers: what they have in common is said once.
struct GatedLayers {
  private let padding: PaddingRule
  private let gatedFilters: Initializer
  private let initialization: Initialization

  init(_ configuration: DeepFillV2Configuration, initialization: Initialization) {
    padding = configuration.paddingRule
    gatedFilters = configuration.gatedFilters
    self.initialization = initialization
  }

  /// A gated convolution; `to` counts the channels after the gate.
  func callAsFunction(
    _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1,
    activation: Activation = .elu, upsampling: Int = 1
  ) -> GatedConv2d {
    GatedConv2d(
      inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, dilation: dilation,
      padding: padding, activation: activation, upsampling: upsampling,
      initialization: initialization[name].with(weights: gatedFilters))
  }

  /// The last convolution of a network: no gate, three colours in −1...1.
  func picture(_ name: String, from inputs: Int) -> Conv2d {
    Conv2d(
      inputChannels: inputs, outputChannels: 3, kernel: 3, padding: padding, activation: .tanh,
      initialization: initialization[name])
  }
}

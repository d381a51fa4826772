import InpaintingData
import NeuralNetworks
import Tensors

/// The convolution layer of a DeepFill generator: plain in version 1, gated in version 2.
protocol DeepFillConvolution: Layer {
  /// Makes a layer that computes features.
  static func layer(_ row: DeepFillRow, padding: PaddingRule, initialization: Initialization) -> Self

  /// Makes the last layer of a network, from features to a picture of three channels.
  ///
  /// - Parameter filters: The initialization of the filters of all other convolutions.
  static func picture(
    from inputs: Int, padding: PaddingRule, filters: Initializer, initialization: Initialization
  ) -> Conv2d

  /// Limits the output of the last layer, [batch, height, width, 3], to −1...1 if the layer does not.
  static func outputActivation(_ output: Tensor) -> Tensor
}

/// The hyperparameters of a layer: a row of the papers' table of layers.
struct DeepFillRow {
  let inputs: Int
  /// The number of output channels, after gating if there is a gate.
  let outputs: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  /// True if the activation is ReLU in place of ELU.
  let isRectified: Bool
  let upsampling: Int
}

/// A factory of the layers of a network, which holds the settings that all layers share.
struct DeepFillLayers<Convolution: DeepFillConvolution> {
  private let padding: PaddingRule
  private let filters: Initializer
  private let start: Start
  private let initialization: Initialization

  init(_ configuration: some DeepFillConfiguration, initialization: Initialization) {
    self.init(
      padding: configuration.padding.rule, filters: configuration.filters, start: configuration.start,
      initialization: initialization)
  }

  /// - Parameters:
  ///   - filters: The initialization of the filters of all convolutions but the last.
  ///   - start: The start of the network, which decides whether the last layer predicts a picture or a residual.
  init(padding: PaddingRule, filters: Initializer, start: Start, initialization: Initialization) {
    self.padding = padding
    self.filters = filters
    self.start = start
    self.initialization = initialization
  }

  func callAsFunction(
    _ name: String, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1,
    isRectified: Bool = false, upsampling: Int = 1
  ) -> Convolution {
    let row = DeepFillRow(
      inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, dilation: dilation, isRectified: isRectified,
      upsampling: upsampling)
    return .layer(row, padding: padding, initialization: initialization[name].with(weights: filters))
  }

  /// The last layer of a network: the DeepFill version's layer for pictures, or a 3x3 convolution with zero filters for
  /// residuals.
  func picture(_ name: String, from inputs: Int) -> Conv2d {
    switch start {
    case .published:
      Convolution.picture(from: inputs, padding: padding, filters: filters, initialization: initialization[name])
    case .harmonic, .patches:
      Conv2d(
        inputChannels: inputs, outputChannels: 3, kernel: 3, padding: padding,
        initialization: initialization[name].with(weights: .zeros))
    }
  }
}

/// The layers of DeepFill v1 (Yu et al., 2018, section 3.1).
extension Conv2d: DeepFillConvolution {
  static func layer(_ row: DeepFillRow, padding: PaddingRule, initialization: Initialization) -> Conv2d {
    Conv2d(
      inputChannels: row.inputs, outputChannels: row.outputs, kernel: row.kernel, stride: row.stride,
      dilation: row.dilation, padding: padding, activation: row.isRectified ? .relu : .elu,
      upsampling: row.upsampling, initialization: initialization)
  }

  static func picture(
    from inputs: Int, padding: PaddingRule, filters: Initializer, initialization: Initialization
  ) -> Conv2d {
    Conv2d(
      inputChannels: inputs, outputChannels: 3, kernel: 3, padding: padding,
      initialization: initialization.with(weights: filters))
  }

  static func outputActivation(_ output: Tensor) -> Tensor { clamp(output, -1, 1) }
}

/// The layers of DeepFill v2; the last layer of a network has tanh in place of a gate (Yu et al., 2019, section 3.1).
extension GatedConv2d: DeepFillConvolution {
  static func layer(_ row: DeepFillRow, padding: PaddingRule, initialization: Initialization) -> GatedConv2d {
    GatedConv2d(
      inputChannels: row.inputs, outputChannels: row.outputs, kernel: row.kernel, stride: row.stride,
      dilation: row.dilation, padding: padding, activation: row.isRectified ? .relu : .elu,
      upsampling: row.upsampling, initialization: initialization)
  }

  static func picture(
    from inputs: Int, padding: PaddingRule, filters: Initializer, initialization: Initialization
  ) -> Conv2d {
    Conv2d(
      inputChannels: inputs, outputChannels: 3, kernel: 3, padding: padding, activation: .tanh,
      initialization: initialization)
  }

  static func outputActivation(_ output: Tensor) -> Tensor { output }
}

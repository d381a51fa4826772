import InpaintingData
import NeuralNetworks
import Tensors

/// A kind of convolution that a generator of DeepFill is made of: plain in version 1, gated in version 2.
protocol DeepFillConvolution: Layer {
  /// A row of the table of layers.
  static func layer(_ row: DeepFillRow, padding: PaddingRule, initialization: Initialization) -> Self

  /// The last convolution of a network, from features to three colors.
  ///
  /// - Parameter filters: The rule for the filters of all other convolutions.
  static func picture(
    from inputs: Int, padding: PaddingRule, filters: Initializer, initialization: Initialization
  ) -> Conv2d

  /// Pictures in −1...1 of the output of the last convolution.
  static func limited(_ output: Tensor) -> Tensor
}

/// A row of the papers' table of layers: a convolution, 3x3 if nothing else is said.
struct DeepFillRow {
  let inputs: Int
  /// After the gate, where there is one.
  let outputs: Int
  let kernel: Int
  let stride: Int
  let dilation: Int
  /// True if a ReLU takes the place of ELU.
  let isRectified: Bool
  let upsampling: Int
}

/// Makes the layers of a network by name: the facts that all have in common are said once.
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
  ///   - filters: The rule for the filters of all convolutions that make features.
  ///   - start: The meaning of the last layer's output.
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

  /// The last convolution of a network: that of the version for pictures, or one of zeros for differences.
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

/// DeepFill v1's convolutions (Yu et al., 2018, section 3.1).
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

  static func limited(_ output: Tensor) -> Tensor { clamp(output, -1, 1) }
}

/// DeepFill v2's convolutions; the last of a network has a hyperbolic tangent in place of a gate (Yu et al., 2019,
/// section 3.1).
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

  static func limited(_ output: Tensor) -> Tensor { output }
}

package import Support
package import Tensors

/// Spatial transformer: features are resampled by an affine transform that a small network predicts from them
/// (Jaderberg et al., 2015, section 3).
///
/// It is initialized as the identity, bit for bit: the predicted transform is, and `affineGrid` and `sampled(at:)` are
/// exact for it. Samples outside the features are 0.
package final class SpatialTransformer: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of output channels of both convolutions of the localization network.
    package var localizationChannels = 16
    /// The height and width of the adaptive average pooling of their output.
    package var localizationCells = 4
    /// True if −1 and 1 are the centers of the border pixels, false if they are their outer edges.
    package var alignCorners = false

    package init() {}

    package init(_ reader: JSONReader) throws {
      localizationChannels = try reader.integer("localization_channels", in: 1...1024, default: localizationChannels)
      localizationCells = try reader.integer("localization_cells", in: 1...64, default: localizationCells)
      alignCorners = try reader.boolean("align_corners", default: alignCorners)
    }
  }

  package let localization: LocalizationNetwork
  private let channels: Int
  private let options: Options

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) { preconditionFailure(problem) }
    self.channels = channels
    self.options = options
    localization = LocalizationNetwork(
      inputChannels: channels, channels: options.localizationChannels, poolSize: options.localizationCells,
      initialization: initialization["localization"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    let sizes = [channels, options.localizationChannels, options.localizationCells]
    guard sizes.contains(where: { $0 <= 0 }) else { return nil }
    return "SpatialTransformer: channels (\(channels)), localization_channels (\(options.localizationChannels)) and "
      + "localization_cells (\(options.localizationCells)) must be positive"
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "SpatialTransformer: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    let positions = affineGrid(
      localization(x), from: (height: x.shape[1], width: x.shape[2]), alignCorners: options.alignCorners)
    return x.sampled(at: positions)
  }

  /// The multiply-adds of the localization network, six per position for the grid, and four per element for the
  /// sampling.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    localization.multiplyAdds(height: height, width: width) + height * width * (6 + 4 * channels)
  }

  /// Named as in PyTorch's tutorial, where `localization` and `fc_loc` are sequences; layers 0 and 2 of the former are
  /// the convolutions.
  package var portedWeights: [PortedWeight] {
    let layers: [(name: String, layer: Conv2d, arrangement: WeightArrangement)] = [
      ("localization.0", localization.conv1, .outputsFirst), ("localization.2", localization.conv2, .outputsFirst),
      ("fc_loc.0", localization.dense, .channelsFirst),
    ]
    return layers.flatMap { name, layer, arrangement in
      [PortedWeight(name + ".weight", layer.weight, arrangement)]
        + (layer.bias.map { [PortedWeight(name + ".bias", $0)] } ?? [])
    }
  }
}

/// The localization network, which predicts an affine transform from features: two convolutions with stride 2, adaptive
/// average pooling to a few positions, which keeps rough locations whatever the features' size, and one dense layer.
///
/// The dense layer is initialized with weights of 0 and the identity transform as its bias.
package final class LocalizationNetwork: Module {
  package let conv1: Conv2d
  package let conv2: Conv2d
  /// The dense layer, as a filter of the pooled size, to the six numbers of a transform.
  package let dense: Conv2d
  private let poolSize: Int

  /// - Parameters:
  ///   - inputChannels: The channels of the features.
  ///   - channels: The output channels of both convolutions.
  ///   - poolSize: The height and width of the pooled features.
  package init(inputChannels: Int, channels: Int, poolSize: Int, initialization: Initialization) {
    func convolution(_ name: String, from inputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: channels, kernel: 3, stride: 2, activation: .relu,
        initialization: initialization[name])
    }
    self.poolSize = poolSize
    conv1 = convolution("conv1", from: inputChannels)
    conv2 = convolution("conv2", from: channels)
    dense = Conv2d(
      inputChannels: channels, outputChannels: 6, kernel: poolSize, padding: .explicit(.none),
      initialization: initialization["dense"].with(weights: .zeros))
    dense.bias?.assign(Tensor([1, 0, 0, 0, 1, 0], shape: [6]))
  }

  /// - Parameter x: [batch, height, width, inputChannels].
  /// - Returns: [batch, 2, 3].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let means = x.through(conv1, conv2).adaptiveAveragePool(rows: poolSize, columns: poolSize)
    return dense(means).reshaped(to: [x.shape[0], 2, 3])
  }

  /// The multiply-adds for one sample.
  func multiplyAdds(height: Int, width: Int) -> Int {
    [conv1, conv2].enumerated().reduce(dense.weight.shape.elementCount) { sum, layer in
      let factor = 2 << layer.offset
      let positions = ((height + factor - 1) / factor) * ((width + factor - 1) / factor)
      return sum + positions * layer.element.weight.shape.elementCount
    }
  }
}

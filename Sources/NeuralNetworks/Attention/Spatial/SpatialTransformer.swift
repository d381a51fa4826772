package import Support
package import Tensors

/// A spatial transformer: features are turned, scaled and shifted by an affine transform that a small network reads
/// from them, and read anew between their pixels (Jaderberg et al., 2015, section 3).
///
/// It begins as the identity, bit for bit: the transform is, and `affineGrid` and `sampled(at:)` are exact there. What
/// is fetched from outside of the features is 0.
package final class SpatialTransformer: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The channels of both convolutions of the network that reads the transform.
    package var localizationChannels = 16
    /// Over how many cells in both directions their result is averaged.
    package var localizationCells = 4
    /// True if the middles of the border pixels are the ends of the features, −1 and 1, and not their outer edges.
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

  /// - Precondition: There is no `problem`.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) { preconditionFailure(problem) }
    self.channels = channels
    self.options = options
    localization = LocalizationNetwork(
      inputChannels: channels, channels: options.localizationChannels, cells: options.localizationCells,
      initialization: initialization["localization"])
  }

  /// Reason against these numbers, in a sentence; nil if there is none.
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

  /// The network's, six a position for the grid, and four a number for reading.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    localization.multiplyAdds(height: height, width: width) + height * width * (6 + 4 * channels)
  }

  /// As in PyTorch's tutorial, where `localization` and `fc_loc` are sequences: of the former's layers 0 and 2 are the
  /// convolutions.
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

/// Reads from features which affine transform should be applied to them: two convolutions that halve the map, its means
/// over a few cells, which tell roughly where things are whatever the map's size, and one dense layer.
///
/// The dense layer begins with weights of 0 and the identity as its bias, whatever the features are.
package final class LocalizationNetwork: Module {
  package let conv1: Conv2d
  package let conv2: Conv2d
  /// A filter as large as the map of means, to the six numbers of a transform.
  package let dense: Conv2d
  private let cells: Int

  /// - Parameters:
  ///   - inputChannels: Those of the features.
  ///   - channels: Those of both convolutions.
  ///   - cells: How many means there are in both directions.
  package init(inputChannels: Int, channels: Int, cells: Int, initialization: Initialization) {
    func convolution(_ name: String, from inputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: channels, kernel: 3, stride: 2, activation: .relu,
        initialization: initialization[name])
    }
    self.cells = cells
    conv1 = convolution("conv1", from: inputChannels)
    conv2 = convolution("conv2", from: channels)
    dense = Conv2d(
      inputChannels: channels, outputChannels: 6, kernel: cells, padding: .explicit(.none),
      initialization: initialization["dense"].with(weights: .zeros))
    dense.bias?.assign(Tensor([1, 0, 0, 0, 1, 0], shape: [6]))
  }

  /// - Parameter x: [batch, height, width, inputChannels].
  /// - Returns: [batch, 2, 3].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let means = x.through(conv1, conv2).adaptiveAveragePool(rows: cells, columns: cells)
    return dense(means).reshaped(to: [x.shape[0], 2, 3])
  }

  /// The multiplications with an addition for the features of one picture.
  func multiplyAdds(height: Int, width: Int) -> Int {
    [conv1, conv2].enumerated().reduce(dense.weight.shape.elementCount) { sum, layer in
      let factor = 2 << layer.offset
      let positions = ((height + factor - 1) / factor) * ((width + factor - 1) / factor)
      return sum + positions * layer.element.weight.shape.elementCount
    }
  }
}

package import Support
package import Tensors

/// Convolutional block attention module, CBAM: scales each channel, then each position, by a factor in 0...1 (Woo et
/// al., 2018, "CBAM: Convolutional Block Attention Module", eq. 1 to 3).
///
/// Input and output are [batch, height, width, channels]. There is no residual connection; it belongs to the residual
/// block around the module.
package final class ConvolutionalBlockAttention: ConfigurableAttention {
  /// The order of the spatial gate's two input channels. Weights work only with the order they were trained with.
  package enum PlaneOrder: String, CaseIterable, Sendable {
    /// The maximum, then the mean: the authors' code.
    case maximumFirst = "max_first"
    /// The mean, then the maximum: the paper, and timm.
    case meanFirst = "mean_first"
  }

  package struct Options: AttentionOptions {
    /// The ratio of the number of channels to the channel gate's hidden units, which are rounded down and at least 1.
    package var reduction = 16
    /// The height and width of the spatial gate's filter, an odd number.
    package var kernel = 7
    /// The order of the spatial gate's two input channels.
    package var order = PlaneOrder.maximumFirst
    /// True to initialize the weight of the spatial gate's normalization with 0, as the authors do: all positions are
    /// then scaled by 0.5 at first.
    package var initZero = true

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      kernel = try reader.integer("kernel", in: 1...63, default: kernel)
      order = try reader.choice("order", default: order)
      initZero = try reader.boolean("init_zero", default: initZero)
    }
  }

  package let channelGate: ChannelGate
  package let spatialGate: SpatialGate
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ConvolutionalBlockAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    channelGate = ChannelGate(
      channels: channels, reduction: options.reduction, initialization: initialization["channelGate"])
    spatialGate = SpatialGate(
      kernel: options.kernel, order: options.order, initZero: options.initZero,
      initialization: initialization["spatialGate"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    let isOdd = options.kernel > 0 && options.kernel % 2 == 1
    return isOdd ? nil : "the kernel (\(options.kernel)) must be odd and positive"
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let scaled = x * channelWeights(of: x)
    return scaled * spatialGate.weights(of: scaled)
  }

  /// The factor of each channel, between 0 and 1: [batch, 1, 1, channels].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func channelWeights(of x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "ConvolutionalBlockAttention: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    return channelGate.weights(of: x)
  }

  /// The factor of each position, after the channel gate, between 0 and 1: [batch, height, width, 1].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func spatialWeights(of x: Tensor) -> Tensor { spatialGate.weights(of: x * channelWeights(of: x)) }

  package func multiplyAdds(height: Int, width: Int) -> Int {
    channelGate.multiplyAdds + spatialGate.multiplyAdds(height: height, width: width) + 2 * channels * height * width
  }

  package var portedWeights: [PortedWeight] {
    channelGate.portedWeights(named: "ChannelGate") + spatialGate.portedWeights(named: "SpatialGate")
  }
}

/// The channel gate of CBAM: sigmoid(MLP(mean over positions) + MLP(maximum over positions)), where both share the same
/// two dense layers (Woo et al., 2018, eq. 2).
package final class ChannelGate: Module {
  /// From the channels to the hidden units.
  package let squeeze: Linear
  /// From the hidden units to one value per channel.
  package let excitation: Linear

  init(channels: Int, reduction: Int, initialization: Initialization) {
    let hidden = max(1, channels / reduction)
    squeeze = Linear(
      inputs: channels, outputs: hidden, activation: .relu, initialization: initialization["squeeze"])
    excitation = Linear(inputs: hidden, outputs: channels, initialization: initialization["excitation"])
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: Between 0 and 1, [batch, 1, 1, channels].
  func weights(of x: Tensor) -> Tensor {
    let means = x.mean(axes: [1, 2])
    let largest = x.maxPool(kernelHeight: x.shape[1], kernelWidth: x.shape[2])
    return sigmoid(means.through(squeeze, excitation) + largest.through(squeeze, excitation))
  }

  /// The multiply-adds of the dense layers, which are applied twice.
  var multiplyAdds: Int { 4 * squeeze.weight.shape.elementCount }

  func portedWeights(named name: String) -> [PortedWeight] {
    squeeze.portedWeights(named: name + ".mlp.1") + excitation.portedWeights(named: name + ".mlp.3")
  }
}

/// The spatial gate of CBAM: a convolution of the maximum and the mean over the channels at each position, batch
/// normalization and a sigmoid (Woo et al., 2018, eq. 3).
package final class SpatialGate: Module {
  package let convolution: Conv2d
  package let normalization: BatchNorm2d
  private let order: ConvolutionalBlockAttention.PlaneOrder

  init(
    kernel: Int, order: ConvolutionalBlockAttention.PlaneOrder, initZero: Bool, initialization: Initialization
  ) {
    self.order = order
    convolution = Conv2d(
      inputChannels: 2, outputChannels: 1, kernel: kernel, bias: false,
      initialization: initialization["convolution"])
    normalization = BatchNorm2d(channels: 1, momentum: 0.01)
    if initZero { normalization.weight?.assign(.zeros([1])) }
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: Between 0 and 1, [batch, height, width, 1].
  func weights(of x: Tensor) -> Tensor {
    let (largest, mean) = (x.channelMaximum, x.mean(axes: [3]))
    let planes = order == .maximumFirst ? [largest, mean] : [mean, largest]
    return sigmoid(concatenate(planes, axis: 3).through(convolution, normalization))
  }

  func multiplyAdds(height: Int, width: Int) -> Int { convolution.weight.shape.elementCount * height * width }

  func portedWeights(named name: String) -> [PortedWeight] {
    convolution.portedWeights(named: name + ".spatial.conv")
      + normalization.portedWeights(named: name + ".spatial.bn")
  }
}

extension Tensor {
  /// The maximum over the channels at each position, [batch, height, width, 1]; the first of equal ones gets the
  /// gradient.
  fileprivate var channelMaximum: Tensor {
    reshaped(to: [shape[0], shape[1] * shape[2], shape[3], 1]).maxPool(kernelHeight: 1, kernelWidth: shape[3])
      .reshaped(to: Array(shape.dropLast()) + [1])
  }
}

extension DualAttention {
  /// A 3x3 convolution without bias, batch normalization and a ReLU.
  ///
  /// Input [batch, height, width, inputs], output [batch, height, width, outputs].
  package final class NormalizedConvolution: Layer {
    package let convolution: Conv2d
    package let normalization: BatchNorm2d

    init(inputs: Int, outputs: Int, initialization: Initialization) {
      convolution = Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 3, bias: false,
        initialization: initialization["convolution"])
      normalization = BatchNorm2d(channels: outputs)
    }

    package func callAsFunction(_ x: Tensor) -> Tensor { relu(normalization(convolution(x))) }

    func portedWeights(named name: String) -> [PortedWeight] {
      convolution.portedWeights(named: name + ".0") + normalization.portedWeights(named: name + ".1")
    }
  }
}

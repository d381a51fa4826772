import Support
import Tensors

/// The convolutional block attention module, CBAM: first each channel is scaled by a number between 0 and 1, then each
/// position (Woo et al., 2018, "CBAM: Convolutional Block Attention Module", eq. 1 to 3).
///
/// Input and output [batch, height, width, channels]. Nothing is added to the input; a residual block around it does
/// that.
package final class ConvolutionalBlockAttention: ConfigurableAttention {
  /// The plane that the spatial gate's filter sees first. Files of weights suit one order only.
  package enum PlaneOrder: String, CaseIterable, Sendable {
    /// The largest, then the mean: the authors' code.
    case maximumFirst = "max_first"
    /// The mean, then the largest: the paper, and timm.
    case meanFirst = "mean_first"
  }

  package struct Options: AttentionOptions {
    /// Between the channel gate's dense layers are so many times fewer numbers than channels, rounded down, but one at
    /// least.
    package var reduction = 16
    /// The height and width of the spatial gate's filter, an odd number.
    package var kernel = 7
    /// The order of the spatial gate's two planes.
    package var order = PlaneOrder.maximumFirst
    /// True if all positions are scaled by the same 0.5 at first, since the weight of the spatial gate's normalization
    /// starts at 0, as the authors train it.
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

  /// Reason against such a module, in a sentence; nil if there is none.
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

  /// The factor of each position after its channels, between 0 and 1: [batch, height, width, 1].
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

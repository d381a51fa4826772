package import Support
package import Tensors

/// Squeeze-and-excitation: scales each channel by a factor in 0...1, which two dense layers compute from the means of
/// all channels (Hu et al., 2018, "Squeeze-and-Excitation Networks", eq. 2 to 4).
///
/// With the means s of the channels, the output is x · sigmoid(W₂ · ReLU(W₁ · s)). Input and output are
/// [batch, height, width, channels].
package final class SqueezeExcitation: ConfigurableAttention {
  /// The defaults are those of the PyTorch port without biases (moskomule); the authors' Caffe models and timm have
  /// biases.
  package struct Options: AttentionOptions {
    /// The ratio of the number of channels to the hidden units, which are rounded down and at least 1.
    package var reduction = 16
    /// True if the dense layers have biases.
    package var bias = false

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      bias = try reader.boolean("bias", default: bias)
    }
  }

  /// W₁, from the channel means to the hidden units.
  package let squeeze: Linear
  /// W₂, from the hidden units to one factor per channel.
  package let excitation: Linear
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("SqueezeExcitation \(initialization.name): \(problem)")
    }
    self.channels = channels
    let hidden = max(1, channels / options.reduction)
    squeeze = Linear(
      inputs: channels, outputs: hidden, bias: options.bias, activation: .relu,
      initialization: initialization["squeeze"])
    excitation = Linear(
      inputs: hidden, outputs: channels, bias: options.bias, activation: .sigmoid,
      initialization: initialization["excitation"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    return options.reduction < 1 ? "the reduction (\(options.reduction)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor { x * channelWeights(of: x) }

  /// The factor of each channel, between 0 and 1: [batch, 1, 1, channels].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func channelWeights(of x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "SqueezeExcitation: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    return x.mean(axes: [1, 2]).through(squeeze, excitation)
  }

  /// C · N + 2 · C · C / reduction for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    channels * height * width + 2 * channels * squeeze.weight.shape[1]
  }

  package var portedWeights: [PortedWeight] {
    squeeze.portedWeights(named: "fc.0") + excitation.portedWeights(named: "fc.2")
  }
}

package import Support
package import Tensors

/// Efficient channel attention: scales each channel by a factor in 0...1, which is computed from the means of the
/// channel and its neighbors (Wang et al., 2020, "ECA-Net", eq. 7 to 12).
///
/// With the means s of the channels, the output is x · sigmoid(weight * s), where * is a convolution along the channels
/// with zero padding and without bias. Input and output are [batch, height, width, channels].
package final class EfficientChannelAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The kernel size along the channels, odd; nil for `kernel(channels:)`. The authors' published ResNet-50 has 3, 5,
    /// 5, 7 for 256, 512, 1024, 2048 channels, where that rule gives 5, 5, 5, 7.
    package var kernel: Int?

    package init() {}

    package init(_ reader: JSONReader) throws {
      kernel = try reader.optional("kernel")?.integer(in: 1...255)
    }
  }

  /// The filter, [kernel, 1, 1].
  package let weight: Parameter
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("EfficientChannelAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    weight = initialization.weight([options.kernel ?? Self.kernel(channels: channels), 1, 1])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if let kernel = options.kernel, kernel < 1 || kernel % 2 == 0 {
      return "the kernel (\(kernel)) must be odd and positive"
    }
    return nil
  }

  /// The kernel size (log₂(channels) + 1) / 2, rounded down and then up to an odd number (eq. 12 with γ = 2 and b = 1).
  ///
  /// - Precondition: `channels` is positive.
  package static func kernel(channels: Int) -> Int {
    precondition(channels > 0, "EfficientChannelAttention: the number of channels (\(channels)) must be positive")
    let logarithm = Int.bitWidth - 1 - channels.leadingZeroBitCount
    return (logarithm + 1) / 2 | 1
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor { x * channelWeights(of: x) }

  /// The factor of each channel, between 0 and 1: [batch, 1, 1, channels].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func channelWeights(of x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "EfficientChannelAttention: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    let kernel = weight.shape[0]
    // The channels become the width of an image of one row, for a one-dimensional convolution.
    let means = x.mean(axes: [1, 2]).reshaped(to: [x.shape[0], 1, channels, 1])
    let padding = Padding(left: kernel / 2, right: kernel / 2)
    let sums = convolve(means, weight.value.reshaped(to: [1, kernel, 1, 1]), padding: padding)
    return sigmoid(sums).reshaped(to: [x.shape[0], 1, 1, channels])
  }

  /// C · N + kernel · C for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int { channels * (height * width + weight.shape[0]) }

  package var portedWeights: [PortedWeight] { [PortedWeight("conv.weight", weight, .sequence)] }
}

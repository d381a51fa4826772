package import Support
package import Tensors

/// Dual attention: the sum of attention between positions and attention between channels (Fu et al., 2019, "Dual
/// Attention Network for Scene Segmentation", section 3.4).
///
/// There are two branches, each a 3x3 convolution to fewer channels, an attention, and another 3x3 convolution; the
/// convolutions are followed by batch normalization and a ReLU. One branch has a `SelfAttention`, the other a
/// `ChannelAffinityAttention`. A 1x1 convolution of their sum is the output.
///
/// Differences from DANet's head, which classifies pixels:
/// - The output has as many channels as the input, unless `Options.outputs` says otherwise.
/// - The classifiers of the single branches, DANet's auxiliary outputs, exist only with `Options.sideOutputs`.
/// - There is no dropout before the 1x1 convolutions: their outputs are features here, not class scores, and zeros at
///   random positions would be learned as part of the picture.
/// - Nothing is resized, which is left to the network.
///
/// There is no residual connection around the branches, so that an untrained layer is not the identity.
package final class DualAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The ratio of the number of channels to that of the branches, which is rounded down.
    package var reduction = 4
    /// The options of the attention between positions.
    package var position = SelfAttention.Options()
    /// The options of the attention between channels. DANet's weights require `maxMinus`.
    package var channel = ChannelAffinityAttention.Options()
    /// The number of output channels; that of the input if nil.
    package var outputs: Int?
    /// True if each branch has an auxiliary output.
    package var sideOutputs = false

    package init() {}

    package init(_ reader: JSONReader) throws {
      reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
      position.reduction = try reader.integer("position_reduction", in: 1...4096, default: position.reduction)
      channel.energy = try reader.choice("energy", default: channel.energy)
    }
  }

  /// The convolutions before the attentions.
  package let positionInput: NormalizedConvolution
  package let channelInput: NormalizedConvolution
  package let position: SelfAttention
  package let channel: ChannelAffinityAttention
  /// The convolutions after the attentions.
  package let positionOutput: NormalizedConvolution
  package let channelOutput: NormalizedConvolution
  /// The 1x1 convolutions of the auxiliary outputs; nil without them.
  package let positionSide: Conv2d?
  package let channelSide: Conv2d?
  /// The 1x1 convolution of the branches' sum.
  package let output: Conv2d

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("DualAttention \(initialization.name): \(problem)")
    }
    let (inner, outputs) = (channels / options.reduction, options.outputs ?? channels)
    func block(_ inputs: Int, _ name: String) -> NormalizedConvolution {
      NormalizedConvolution(inputs: inputs, outputs: inner, initialization: initialization[name])
    }
    func convolution(_ name: String) -> Conv2d {
      Conv2d(inputChannels: inner, outputChannels: outputs, kernel: 1, initialization: initialization[name])
    }
    positionInput = block(channels, "positionInput")
    channelInput = block(channels, "channelInput")
    position = SelfAttention(channels: inner, options: options.position, initialization: initialization["position"])
    channel = ChannelAffinityAttention(
      channels: inner, options: options.channel, initialization: initialization["channel"])
    positionOutput = block(inner, "positionOutput")
    channelOutput = block(inner, "channelOutput")
    positionSide = options.sideOutputs ? convolution("positionSide") : nil
    channelSide = options.sideOutputs ? convolution("channelSide") : nil
    output = convolution("output")
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    if options.reduction < 1 { return "the reduction (\(options.reduction)) must be positive" }
    if channels < options.reduction {
      return "there must be at least as many channels (\(channels)) as the reduction (\(options.reduction)) says"
    }
    if let outputs = options.outputs, outputs < 1 { return "the number of outputs (\(outputs)) must be positive" }
    let inner = channels / options.reduction
    return SelfAttention.problem(channels: inner, options: options.position)
      .map { "of the \(inner) channels that \(channels) are reduced to: \($0)" }
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: [batch, height, width, outputs].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let (position, channel) = branches(x)
    return output(position + channel)
  }

  /// The output and the branches' auxiliary outputs, if there are any; each [batch, height, width, outputs].
  package func allOutputs(_ x: Tensor) -> (fused: Tensor, position: Tensor?, channel: Tensor?) {
    let (position, channel) = branches(x)
    return (output(position + channel), positionSide.map { $0(position) }, channelSide.map { $0(channel) })
  }

  /// The weights of the attention between positions, which sum to 1. Running statistics are not updated.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    let normalization = positionInput.normalization
    let (mean, variance) = (normalization.runningMean.value, normalization.runningVariance.value)
    defer { (normalization.runningMean.value, normalization.runningVariance.value) = (mean, variance) }
    return position.weights(ofRow: row, column: column, in: positionInput(x))
  }

  /// N · 18 · (C · C′ + C′²) + N · C′ · outputs and the attentions', for N positions, C channels and C′ channels of a
  /// branch, without the auxiliary outputs.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let positions = height * width
    let (channels, inner) = (positionInput.convolution.weight.shape[2], output.weight.shape[2])
    return positions * inner * (18 * (channels + inner) + output.weight.shape[3])
      + position.multiplyAdds(height: height, width: width) + channel.multiplyAdds(height: height, width: width)
  }

  package var portedWeights: [PortedWeight] {
    positionInput.portedWeights(named: "conv5a") + channelInput.portedWeights(named: "conv5c")
      + position.portedWeights.map { $0.named("sa") } + channel.portedWeights.map { $0.named("sc") }
      + positionOutput.portedWeights(named: "conv51") + channelOutput.portedWeights(named: "conv52")
      + (positionSide?.portedWeights(named: "conv6.1") ?? []) + (channelSide?.portedWeights(named: "conv7.1") ?? [])
      + output.portedWeights(named: "conv8.1")
  }

  private func branches(_ x: Tensor) -> (position: Tensor, channel: Tensor) {
    x.checkFeatures(channels: positionInput.convolution.weight.shape[2], of: "DualAttention")
    return (positionOutput(position(positionInput(x))), channelOutput(channel(channelInput(x))))
  }
}

/// The channel attention of DANet: every channel attends to every other one by similarity (Fu et al., 2019, "Dual
/// Attention Network for Scene Segmentation", eq. 3 and 4).
///
/// With the features as a matrix A, [channels, positions], and the energy E = A · Aᵀ, the output is x +
/// β · softmax(E) · A, where each row of the softmax, [channels, channels], sums to 1. There are no convolutions. β is
/// initialized with 0, so an untrained layer is the identity. E grows with the number of positions, so on large
/// features each row of the softmax is nearly one-hot, mostly at the channel itself.
package final class ChannelAffinityAttention: ConfigurableAttention {
  /// The input of the softmax.
  package enum Energy: String, CaseIterable, Sendable {
    /// E: channels attend to the most similar ones, as in the paper.
    case plain
    /// max(row of E) − E: channels attend to the least similar ones, as in the authors' code. Their weights require it.
    case maxMinus = "max_minus"
  }

  package struct Options: AttentionOptions {
    package var energy = Energy.plain

    package init() {}

    package init(_ reader: JSONReader) throws {
      energy = try reader.choice("energy", default: energy)
    }
  }

  /// β, [1].
  package let beta: Parameter
  private let channels: Int
  private let energy: Energy

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ChannelAffinityAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    energy = options.energy
    beta = Parameter(.zeros([1]))
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, options: Options) -> String? {
    channels < 1 ? "the number of channels (\(channels)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x + beta.value * matmul(x.positions, weights(of: x), transposeRight: true).reshaped(to: x.shape)
  }

  /// The weights with which each channel attends to all channels, [batch, channels, channels]; every row sums to 1.
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func weights(of x: Tensor) -> Tensor {
    x.checkFeatures(channels: channels, of: "ChannelAffinityAttention")
    let products = matmul(x.positions, x.positions, transposeLeft: true)
    // The softmax cancels what is constant within a row, such as its maximum.
    return softmax(energy == .plain ? products : -products)
  }

  /// 2 · C² · N for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int { 2 * channels * channels * height * width }

  package var portedWeights: [PortedWeight] { [PortedWeight("gamma", beta)] }
}

package import Support
package import Tensors

/// Positions draw from positions, and beside that channels from channels; both are added (Fu et al., 2019, "Dual
/// Attention Network for Scene Segmentation", section 3.4).
///
/// Two branches, each a 3x3 convolution to fewer channels, an attention, and another 3x3 convolution; convolutions are
/// followed by batch normalization and a ReLU. One branch has a `SelfAttention`, the other a
/// `ChannelAffinityAttention`. A 1x1 convolution of their sum gives the output.
///
/// Differences from DANet's head, which classifies pixels:
/// - The output has as many channels as the input, unless `Options.outputs` says otherwise.
/// - The classifiers of the single branches, from which a segmentation network learns as well, are there only with
///   `Options.sideOutputs`.
/// - There is no dropout before the 1x1 convolutions: what they give here are features that are looked at in full, not
///   class scores, and zeros at random positions would be learned as if they belonged to the picture.
/// - Nothing is resized: that is the network's part.
///
/// There is no way around the branches, so that an untrained layer does not give its input.
package final class DualAttention: MappedAttention, ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The branches have so many times fewer channels than the features, rounded down.
    package var reduction = 4
    /// Of the attention between positions.
    package var position = SelfAttention.Options()
    /// Of the attention between channels. DANet's weights want `maxMinus`.
    package var channel = ChannelAffinityAttention.Options()
    /// The channels of the output; those of the input if nil.
    package var outputs: Int?
    /// True if each branch has an output of its own as well.
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
  /// 1x1 convolutions of each branch, nil without side outputs.
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

  /// Reason against such a layer, in a sentence; nil if there is none.
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

  /// The output, and those of the branches if there are any; each [batch, height, width, outputs].
  package func allOutputs(_ x: Tensor) -> (fused: Tensor, position: Tensor?, channel: Tensor?) {
    let (position, channel) = branches(x)
    return (output(position + channel), positionSide.map { $0(position) }, channelSide.map { $0(channel) })
  }

  /// Those of the attention between positions, of the sum 1. Running statistics stay as they are.
  package func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor {
    let normalization = positionInput.normalization
    let (mean, variance) = (normalization.runningMean.value, normalization.runningVariance.value)
    defer { (normalization.runningMean.value, normalization.runningVariance.value) = (mean, variance) }
    return position.weights(ofRow: row, column: column, in: positionInput(x))
  }

  /// Without the side outputs: N · 18 · (C · C′ + C′²) + N · C′ · outputs and what the attentions need, for N
  /// positions, C channels and C′ of a branch.
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

/// Every channel draws from every other one, by how alike their pictures are: the channel attention of DANet (Fu et
/// al., 2019, "Dual Attention Network for Scene Segmentation", eq. 3 and 4).
///
/// With the features as a matrix A, [channels, positions], and the energy E = A · Aᵀ the output is x + β · softmax(E) ·
/// A, where each row of the softmax, [channels, channels], has the sum 1. There is no convolution. β starts at 0: an
/// untrained layer gives its input. E grows with the number of positions, so that on large features the softmax of each
/// row is 1 at one channel, mostly itself, and 0 elsewhere.
package final class ChannelAffinityAttention: ConfigurableAttention {
  /// The matrix that the softmax is taken of.
  package enum Energy: String, CaseIterable, Sendable {
    /// E: channels draw from those that are most alike, as the paper says.
    case plain
    /// The largest of a row of E less E: channels draw from those that are least alike, as the authors' code does.
    /// Wanted for their weights.
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

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options) -> String? {
    channels < 1 ? "the number of channels (\(channels)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x + beta.value * matmul(x.positions, weights(of: x), transposeRight: true).reshaped(to: x.shape)
  }

  /// Weights with which each channel draws from all of them, [batch, channels, channels]; every row has the sum 1.
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func weights(of x: Tensor) -> Tensor {
    x.checkFeatures(channels: channels, of: "ChannelAffinityAttention")
    let products = matmul(x.positions, x.positions, transposeLeft: true)
    // A softmax does not see what is the same in a whole row, such as its largest number.
    return softmax(energy == .plain ? products : -products)
  }

  /// 2 · C² · N for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int { 2 * channels * channels * height * width }

  package var portedWeights: [PortedWeight] { [PortedWeight("gamma", beta)] }
}

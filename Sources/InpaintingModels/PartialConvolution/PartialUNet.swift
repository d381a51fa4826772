package import InpaintingData
package import NeuralNetworks
package import Tensors

/// The network: an encoder that halves pictures until all holes are closed, and a decoder that enlarges them again beside
/// what the encoder knew at each size (Liu et al., 2018, section 3.2 and table 1 of the supplement).
///
/// `encoder.0` and `decoder.0` work at a picture's full size, the last ones at the smallest.
package final class PartialUNet: Module {
  /// Each halves height and width.
  let encoder: [PartialBlock]
  /// Each doubles them, beside what came into the encoder's layer of the same number; the first gives the picture.
  let decoder: [PartialBlock]
  /// Of features alone: what is known stays as it is.
  let attention: GeneratorAttention
  private let inputScale: PartialConvolutionConfiguration.InputScale
  private let start: Start
  private let sizeMultiple: Int

  /// Filters start in He's way, for ReLU, but those of differences at 0; scales at 1, biases and shifts at 0.
  package init(_ configuration: PartialConvolutionConfiguration, initialization: Initialization) {
    inputScale = configuration.inputScale
    start = configuration.start
    sizeMultiple = 1 << configuration.levels
    let (encoding, decoding) = (initialization["encoder"], initialization["decoder"])
    let levels = 0..<configuration.levels
    encoder = levels.map { level in
      PartialBlock(
        from: configuration.channels(enteringLevel: level), to: configuration.channels(enteringLevel: level + 1),
        kernel: PartialConvolutionConfiguration.kernel(ofLevel: level), stride: 2,
        bias: level == 0 && configuration.firstBias, isNormalized: level > 0, activation: .relu,
        rule: configuration.rule, initialization: encoding["\(level)"])
    }
    decoder = levels.map { level in
      let skipped = configuration.channels(enteringLevel: level)
      return PartialBlock(
        from: configuration.channels(enteringLevel: level + 1) + skipped, to: skipped, kernel: 3, stride: 1,
        bias: level == 0, isNormalized: level > 0, activation: level == 0 ? .identity : .leakyReLU(slope: 0.2),
        rule: configuration.rule,
        filters: level == 0 && configuration.start.predictsResidual ? .zeros : .kaimingNormal(),
        initialization: decoding["\(level)"])
    }
    attention = GeneratorAttention(
      configuration.attentionPlan, contextual: ContextualAttention(), initialization: initialization)
  }

  /// Says what of the encoder's normalization stays as it is during training.
  func freezeEncoder(_ freezing: BatchNorm2d.Freezing) {
    for block in encoder { block.normalization?.freezing = freezing }
  }

  /// The raw pictures, [batch, height, width, 3]: mostly in −1...1, but nothing holds them there.
  ///
  /// With another start than the published one they are the start and, inside the holes, what the last layer adds to it;
  /// that layer sees the start at full size in place of the picture with its hole.
  ///
  /// - Precondition: Height and width are multiples of 2 to the power of the number of levels, and the batch has the start's
  ///   condition.
  package func callAsFunction(_ batch: InpaintingBatch) -> Tensor {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % sizeMultiple == 0 && width % sizeMultiple == 0 && height > 0 && width > 0,
      "Partial convolution: expected a height and width that are multiples of \(sizeMultiple), found "
        + "\(height)x\(width); pad or crop the pictures")
    let usesImageNet = inputScale == .imageNet
    func scaled(_ pictures: Tensor) -> Tensor { usesImageNet ? VGG16Features.normalized(pictures) : pictures }
    var skipped = [KnownFeatures(scaled(batch.images), known: 1 - batch.holes)]
    for block in encoder { skipped.append(block(skipped[skipped.count - 1])) }
    let started = start.predictsResidual ? batch.initialPictures : nil
    if let started { skipped[0] = KnownFeatures(scaled(started), known: .ones([1, height, width, 1])) }
    let inputs = AttentionInputs(holes: batch.holes, pictures: batch.known) {
      $0.resizedNearest(height: $0.shape[1] / $1, width: $0.shape[2] / $1, rule: .floor)
    }
    func attended(_ part: GeneratorPart, _ level: Int, _ x: KnownFeatures) -> KnownFeatures {
      KnownFeatures(attention(part, scale: 1 << level, x.values, inputs), known: x.known)
    }
    var x = attended(.bottleneck, encoder.count, skipped.removeLast())
    for level in skipped.indices.reversed() {
      let skip = attended(.skip, level, skipped[level])
      x = attended(.decoder, level, decoder[level](doubled: x, beside: skip))
    }
    if let started { return started + x.values * batch.holes }
    return usesImageNet ? VGG16Features.denormalized(x.values) : x.values
  }
}

extension PartialConvolutionConfiguration {
  /// The attention that the network has, and all sites: at its narrowest, after each layer of the decoder but the last, and
  /// on the way to each.
  var attentionPlan: AttentionPlan {
    let levels = (1..<levels).reversed()
    func sites(_ part: GeneratorPart) -> [AttentionSite] {
      levels.map {
        AttentionSite(
          part, scale: 1 << $0, channels: channels(enteringLevel: $0), sizeMultiple: sizeMultiple >> $0)
      }
    }
    let narrowest = AttentionSite(.bottleneck, scale: sizeMultiple, channels: channels(enteringLevel: self.levels))
    return AttentionPlan(attention, sites: [narrowest] + sites(.decoder) + sites(.skip))
  }

  /// The channels that the encoder's layer of a level takes, and the decoder's gives: 3, 64, 128, 256, 512, 512, …
  func channels(enteringLevel level: Int) -> Int { level == 0 ? 3 : width * min(1 << (level - 1), 8) }

  /// The height and width of the encoder's filters.
  static func kernel(ofLevel level: Int) -> Int { level == 0 ? 7 : level < 3 ? 5 : 3 }
}

/// A row of the paper's table of layers: a partial convolution, batch normalization, an activation.
final class PartialBlock: Module {
  let convolution: PartialConv2d
  /// Nil for the layers next to the picture. Pixels of the hole count in its statistics, as zeros; that is why fine-tuning
  /// freezes them.
  let normalization: BatchNorm2d?
  /// The function that follows where nothing normalizes.
  private let activation: Activation

  /// - Parameters:
  ///   - inputs: The number of channels; a decoder's are those of both groups.
  ///   - outputs: The number of channels.
  ///   - filters: The rule by which they start.
  init(
    from inputs: Int, to outputs: Int, kernel: Int, stride: Int, bias: Bool, isNormalized: Bool, activation: Activation,
    rule: PartialConvolutionRule, filters: Initializer = .kaimingNormal(), initialization: Initialization
  ) {
    convolution = PartialConv2d(
      inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: bias, rule: rule,
      initialization: initialization["convolution"].with(weights: filters))
    normalization = isNormalized ? BatchNorm2d(channels: outputs, activation: activation) : nil
    self.activation = activation
  }

  /// A layer of the encoder.
  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures { finished(convolution(x)) }

  /// A layer of the decoder: the features of the level below, enlarged, beside those of the encoder.
  func callAsFunction(doubled x: KnownFeatures, beside skip: KnownFeatures) -> KnownFeatures {
    finished(convolution(doubled: x, beside: skip))
  }

  private func finished(_ x: KnownFeatures) -> KnownFeatures {
    KnownFeatures(normalization?(x.values) ?? activation(x.values), known: x.known)
  }
}

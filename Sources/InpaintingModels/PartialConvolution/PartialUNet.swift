package import InpaintingData
package import NeuralNetworks
package import Tensors

/// The U-Net of partial convolutions: an encoder of stride-2 layers, deep enough to close the holes, and a decoder with
/// nearest-neighbor upsampling and a skip connection at each resolution (Liu et al., 2018, section 3.2 and table 1 of
/// the supplement).
///
/// `encoder.0` takes the picture and `decoder.0` outputs one, at full size; the last layer of each is at the
/// bottleneck.
package final class PartialUNet: Module {
  /// The layers of the encoder; each halves height and width.
  let encoder: [PartialBlock]
  /// The layers of the decoder, last to first. Layer i doubles height and width and concatenates the input of encoder
  /// layer i; layer 0 outputs the picture.
  let decoder: [PartialBlock]
  /// The attention layers, which change features and leave the known masks as they are.
  let attention: GeneratorAttention
  private let inputScale: PartialConvolutionConfiguration.InputScale
  private let start: Start
  private let sizeMultiple: Int

  /// Initializes filters by Kaiming's normal rule for ReLU, scales with 1, biases and shifts with 0. The filters of an
  /// output layer that predicts residuals are 0.
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

  /// Sets the part of the encoder's batch normalization that training leaves unchanged.
  func freezeEncoder(_ freezing: BatchNorm2d.Freezing) {
    for block in encoder { block.normalization?.freezing = freezing }
  }

  /// The raw output of the network, [batch, height, width, 3]. It is not limited to −1...1.
  ///
  /// With a start other than the published one, the output is the initial fill plus, inside the holes, the last layer's
  /// residual, and the initial fill replaces the picture with holes on the skip connection at full size.
  ///
  /// - Precondition: Height and width are multiples of 2 to the power of the number of levels, and the batch has the
  ///   condition of the start, if any.
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
      x = attended(.decoder, level, decoder[level](upsampling: x, concatenating: skip))
    }
    if let started { return started + x.values * batch.holes }
    return usesImageNet ? VGG16Features.denormalized(x.values) : x.values
  }
}

extension PartialConvolutionConfiguration {
  /// The attention layers of the network, and all sites for attention: the bottleneck, the output of each decoder layer
  /// but the one at full size, and the skip connection to each of these.
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

  /// The input channels of the encoder layer, and output channels of the decoder layer, at a level: 3, 64, 128, 256,
  /// 512, 512, … at the published width.
  func channels(enteringLevel level: Int) -> Int { level == 0 ? 3 : width * min(1 << (level - 1), 8) }

  /// The kernel size of the encoder layer at a level: 7, 5, 5, then 3.
  static func kernel(ofLevel level: Int) -> Int { level == 0 ? 7 : level < 3 ? 5 : 3 }
}

/// A block of the U-Net (a row of the paper's table): a partial convolution, batch normalization and an activation.
final class PartialBlock: Module {
  let convolution: PartialConv2d
  /// The batch normalization; nil at full size. Its statistics include missing positions, as zeros, which is why
  /// fine-tuning freezes the encoder's.
  let normalization: BatchNorm2d?
  /// The activation of a block without batch normalization; with it, the activation is part of `normalization`.
  private let activation: Activation

  /// - Parameters:
  ///   - inputs: The number of input channels; in the decoder, of the upsampled features and the skip connection
  ///     together.
  ///   - outputs: The number of output channels.
  ///   - filters: The initialization of the convolution's filters.
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

  /// The output of an encoder block, at half the height and width.
  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures { finished(convolution(x)) }

  /// The output of a decoder block, which doubles the height and width of `x` by nearest-neighbor upsampling and
  /// concatenates `skip`.
  func callAsFunction(upsampling x: KnownFeatures, concatenating skip: KnownFeatures) -> KnownFeatures {
    finished(convolution(upsampling: x, concatenating: skip))
  }

  private func finished(_ x: KnownFeatures) -> KnownFeatures {
    KnownFeatures(normalization?(x.values) ?? activation(x.values), known: x.known)
  }
}

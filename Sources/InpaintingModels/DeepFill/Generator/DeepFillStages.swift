import NeuralNetworks
import Tensors

/// The coarse network, the first stage of DeepFill: an encoder-decoder with dilated convolutions (Yu et al., 2018,
/// figure 2, left; 2019, figure 3, left).
///
/// The input is [batch, height, width, inputs], with 5 channels or more, the output [batch, height, width, 3].
/// Properties have the names of the authors' layers.
final class DeepFillCoarseNetwork<Convolution: DeepFillConvolution>: Layer {
  let conv1, conv2, conv3, conv4, conv5, conv6: Convolution
  let conv7, conv8, conv9, conv10, conv11, conv12: Convolution
  let conv13, conv14, conv15, conv16: Convolution
  let conv17: Conv2d

  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - channels: The channels of the features at full size; there are twice as many at half of the size, and four
  ///     times as many at a quarter.
  ///   - layer: The factory of layers.
  init(inputs: Int, channels: Int, layer: DeepFillLayers<Convolution>) {
    let (full, half, quarter) = (channels, 2 * channels, 4 * channels)
    conv1 = layer("conv1", from: inputs, to: full, kernel: 5)
    conv2 = layer("conv2", from: full, to: half, stride: 2)
    conv3 = layer("conv3", from: half, to: half)
    conv4 = layer("conv4", from: half, to: quarter, stride: 2)
    conv5 = layer("conv5", from: quarter, to: quarter)
    conv6 = layer("conv6", from: quarter, to: quarter)
    conv7 = layer("conv7", from: quarter, to: quarter, dilation: 2)
    conv8 = layer("conv8", from: quarter, to: quarter, dilation: 4)
    conv9 = layer("conv9", from: quarter, to: quarter, dilation: 8)
    conv10 = layer("conv10", from: quarter, to: quarter, dilation: 16)
    conv11 = layer("conv11", from: quarter, to: quarter)
    conv12 = layer("conv12", from: quarter, to: quarter)
    conv13 = layer("conv13", from: quarter, to: half, upsampling: 2)
    conv14 = layer("conv14", from: half, to: half)
    conv15 = layer("conv15", from: half, to: full, upsampling: 2)
    conv16 = layer("conv16", from: full, to: full / 2)
    conv17 = layer.picture("conv17", from: full / 2)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    encoded(x).through(conv7, conv8, conv9, conv10, conv11, conv12)
      .through(conv13, conv14, conv15, conv16, conv17)
  }

  /// The features before the dilated layers: [batch, height, width, inputs] becomes
  /// [batch, height / 4, width / 4, 4 · channels].
  func encoded(_ x: Tensor) -> Tensor { x.through(conv1, conv2, conv3, conv4, conv5, conv6) }

  /// The output of the dilated layers for features, [batch, height / 4, width / 4, 4 · channels], in the same shape.
  func dilated(_ x: Tensor) -> Tensor { x.through(conv7, conv8, conv9, conv10) }
}

/// The refinement network, the second stage of DeepFill: a branch of dilated convolutions and a branch with contextual
/// attention, whose concatenated features go to one decoder (Yu et al., 2018, figure 4; 2019, figure 3, right).
///
/// The input is [batch, height, width, channels]: 3 channels in version 2, the known pixels with the coarse picture in
/// the holes; 5 in version 1, which adds ones and holes; 5, or 6 with edges, without a first stage. The output is
/// [batch, height, width, 3]. Properties have the names of the authors' layers.
final class DeepFillRefinementNetwork<Convolution: DeepFillConvolution>: Module {
  let xconv1, xconv2, xconv3, xconv4, xconv5: Convolution
  let xconv6, xconv7, xconv8, xconv9, xconv10: Convolution
  let pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6: Convolution
  let pmconv9, pmconv10: Convolution
  let allconv11, allconv12, allconv13, allconv14, allconv15, allconv16: Convolution
  let allconv17: Conv2d
  let attention: GeneratorAttention
  let path: RefinementPath

  init(_ configuration: some DeepFillConfiguration, initialization: Initialization) {
    let (full, half, quarter) = (configuration.channels, 2 * configuration.channels, 4 * configuration.channels)
    let layer = DeepFillLayers<Convolution>(configuration, initialization: initialization)
    // The convolution branch.
    xconv1 = layer("xconv1", from: configuration.refinementInputs, to: full, kernel: 5)
    xconv2 = layer("xconv2", from: full, to: full, stride: 2)
    xconv3 = layer("xconv3", from: full, to: half)
    xconv4 = layer("xconv4", from: half, to: half, stride: 2)
    xconv5 = layer("xconv5", from: half, to: quarter)
    xconv6 = layer("xconv6", from: quarter, to: quarter)
    xconv7 = layer("xconv7", from: quarter, to: quarter, dilation: 2)
    xconv8 = layer("xconv8", from: quarter, to: quarter, dilation: 4)
    xconv9 = layer("xconv9", from: quarter, to: quarter, dilation: 8)
    xconv10 = layer("xconv10", from: quarter, to: quarter, dilation: 16)
    // The attention branch.
    pmconv1 = layer("pmconv1", from: configuration.refinementInputs, to: full, kernel: 5)
    pmconv2 = layer("pmconv2", from: full, to: full, stride: 2)
    pmconv3 = layer("pmconv3", from: full, to: half)
    pmconv4 = layer("pmconv4", from: half, to: quarter, stride: 2)
    pmconv5 = layer("pmconv5", from: quarter, to: quarter)
    pmconv6 = layer("pmconv6", from: quarter, to: quarter, isRectified: true)
    pmconv9 = layer("pmconv9", from: quarter, to: quarter)
    pmconv10 = layer("pmconv10", from: quarter, to: quarter)
    // The decoder.
    let plan = configuration.attentionPlan
    allconv11 = layer("allconv11", from: 2 * quarter, to: quarter)
    allconv12 = layer("allconv12", from: quarter + plan.addedChannels(atScale: 4), to: quarter)
    allconv13 = layer("allconv13", from: quarter, to: half, upsampling: 2)
    allconv14 = layer("allconv14", from: half + plan.addedChannels(atScale: 2), to: half)
    allconv15 = layer("allconv15", from: half, to: full, upsampling: 2)
    allconv16 = layer("allconv16", from: full + plan.addedChannels(atScale: 1), to: full / 2)
    allconv17 = layer.picture("allconv17", from: full / 2)
    attention = GeneratorAttention(
      plan, contextual: configuration.contextualAttention, initialization: initialization)
    path = RefinementPath(
      encoder: .init(
        atFullSize: [xconv1], atHalf: [xconv2, xconv3], atQuarter: [xconv4, xconv5, xconv6],
        dilated: [xconv7, xconv8, xconv9, xconv10]),
      beforeAttention: [pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6], afterAttention: [pmconv9, pmconv10],
      decoder: .init(
        entry: allconv11, atQuarter: allconv12, toHalf: allconv13, atHalf: allconv14, toFullSize: allconv15,
        atFullSize: allconv16, picture: allconv17),
      attention: attention, checkpointsActivations: configuration.checkpointsActivations)
  }

  /// The output, [batch, height, width, 3], and the decoder's features at shift connections.
  ///
  /// - Parameter x: The input, [batch, height, width, channels].
  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> (output: Tensor, shifted: [ShiftedFeatures]) {
    path(x, inputs)
  }
}

/// The forward pass of the refinement network: the dilated branch, the attention branch and the decoder (Yu et al.,
/// 2018, figure 4; 2019, figure 3, right).
struct RefinementPath {
  /// The layers of the dilated branch, grouped by the resolutions at which skip connections can start.
  struct Encoder {
    let atFullSize, atHalf, atQuarter, dilated: [any Layer]
  }

  /// The layers of the decoder, grouped by the sites of skip connections and attention.
  struct Decoder {
    let entry: any Layer
    let atQuarter, toHalf, atHalf, toFullSize, atFullSize, picture: any Layer
  }

  let encoder: Encoder
  /// The layers of the attention branch before and after its attention.
  let beforeAttention, afterAttention: [any Layer]
  let decoder: Decoder
  let attention: GeneratorAttention
  /// True for activation checkpointing of the branches' convolutions.
  let checkpointsActivations: Bool

  /// The output of the last layer, [batch, height, width, 3], and the decoder's features at shift connections.
  ///
  /// - Parameter x: The network's input, [batch, height, width, channels].
  func callAsFunction(
    _ x: Tensor, _ inputs: AttentionInputs
  ) -> (output: Tensor, shifted: [ShiftedFeatures]) {
    var shifted: [ShiftedFeatures] = []
    let encoded = encoded(x)
    let dilated = through(encoder.dilated, encoded.quarter)
    let far = attention(.bottleneck, scale: 4, dilated, inputs)
    let near = attention(.parallel, scale: 4, through(beforeAttention, x), inputs)
    let joined = concatenate([far, through(afterAttention, near)], axis: -1)
    func stage(_ scale: Int, _ x: Tensor, _ skipping: Tensor?, _ layer: any Layer) -> Tensor {
      if let shift = attention.shift(at: scale) { shifted.append(ShiftedFeatures(x, scale: scale, shift)) }
      let beside = attention.joined(scale: scale, decoded: x, encoded: skipping, inputs)
      return attention(.decoder, scale: scale, layer(beside), inputs)
    }
    let quarter = stage(4, decoder.entry(joined), encoded.quarter, decoder.atQuarter)
    let half = stage(2, decoder.toHalf(quarter), encoded.half, decoder.atHalf)
    let full = stage(1, decoder.toFullSize(half), encoded.full, decoder.atFullSize)
    return (decoder.picture(full), shifted)
  }

  /// The dilated branch's features at a scale before its dilated layers,
  /// [batch, height / scale, width / scale, channels].
  ///
  /// - Parameter x: The network's input, [batch, height, width, channels].
  func encoded(_ x: Tensor, scale: Int) -> Tensor {
    let layers = [(1, encoder.atFullSize), (2, encoder.atHalf), (4, encoder.atQuarter)].filter { $0.0 <= scale }
    return layers.flatMap(\.1).reduce(x) { $1($0) }
  }

  /// The dilated branch's features before its dilated layers, at the three resolutions of skip connections; nil where
  /// no skip connection needs them.
  private func encoded(_ x: Tensor) -> (full: Tensor?, half: Tensor?, quarter: Tensor) {
    // Without skip connections, the layers are one checkpointed segment, and the features between them need not be
    // kept.
    guard attention.skips(at: 1) || attention.skips(at: 2) else {
      return (nil, nil, through(encoder.atFullSize + encoder.atHalf + encoder.atQuarter, x))
    }
    let full = through(encoder.atFullSize, x)
    let half = through(encoder.atHalf, full)
    return (full, half, through(encoder.atQuarter, half))
  }

  private func through(_ layers: [any Layer], _ x: Tensor) -> Tensor {
    guard checkpointsActivations else { return layers.reduce(x) { $1($0) } }
    return checkpoint(x, at: layers.flatMap(\.parameters)) { x in layers.reduce(x) { $1($0) } }
  }
}

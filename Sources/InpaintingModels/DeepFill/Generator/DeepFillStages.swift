import NeuralNetworks
import Tensors

/// The first stage: a blurred guess from the known pixels (Yu et al., 2018, figure 2, left; 2019, figure 3, left).
///
/// Input [batch, height, width, inputs], 5 or more; output [batch, height, width, 3]. Properties have the names of the
/// authors' layers.
final class DeepFillCoarseNetwork<Convolution: DeepFillConvolution>: Layer {
  let conv1, conv2, conv3, conv4, conv5, conv6: Convolution
  let conv7, conv8, conv9, conv10, conv11, conv12: Convolution
  let conv13, conv14, conv15, conv16: Convolution
  let conv17: Conv2d

  /// - Parameters:
  ///   - inputs: The channels of the input.
  ///   - channels: Those of the features at the pictures' full size; there are twice as many at half of the size, and four
  ///     times as many at a quarter.
  ///   - layer: Makes the layers.
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

  /// The features at a quarter of the pictures' size before the dilated layers.
  func encoded(_ x: Tensor) -> Tensor { x.through(conv1, conv2, conv3, conv4, conv5, conv6) }

  /// The same after the dilated layers.
  func dilated(_ x: Tensor) -> Tensor { x.through(conv7, conv8, conv9, conv10) }
}

/// The second stage: one branch sees far by dilation, the other borrows from the context by attention, and a decoder joins
/// both (Yu et al., 2018, figure 4; 2019, figure 3, right).
///
/// Input [batch, height, width, 3], the coarse picture in the holes and the known pixels around, or 5 with holes in
/// version 1; output [batch, height, width, 3]. Properties have the names of the authors' layers.
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
      attended: [pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6], borrowed: [pmconv9, pmconv10],
      decoder: .init(
        entry: allconv11, atQuarter: allconv12, toHalf: allconv13, atHalf: allconv14, toFullSize: allconv15,
        atFullSize: allconv16, picture: allconv17),
      attention: attention, checkpointsActivations: configuration.checkpointsActivations)
  }

  /// - Parameter x: [batch, height, width, 3 or 5].
  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> (output: Tensor, shifted: [ShiftedFeatures]) {
    path(x, inputs)
  }
}

/// The way of features through the second stage: one branch sees far by dilation, the other borrows from the context by
/// attention, and a decoder joins both (Yu et al., 2018, figure 4; 2019, figure 3, right).
struct RefinementPath {
  /// The layers of the far-seeing branch, cut where their features can skip to the decoder.
  struct Encoder {
    let atFullSize, atHalf, atQuarter, dilated: [any Layer]
  }

  /// The layers of the decoder, cut where features skip to them and where attention comes.
  struct Decoder {
    let entry: any Layer
    let atQuarter, toHalf, atHalf, toFullSize, atFullSize, picture: any Layer
  }

  let encoder: Encoder
  /// The branch that borrows, before and after its attention.
  let attended, borrowed: [any Layer]
  let decoder: Decoder
  let attention: GeneratorAttention
  /// True if the branches' convolutions are computed once more on the way back instead of being kept.
  let checkpointsActivations: Bool

  /// The last layer's output, and the decoder's features that shift connections compared on the way.
  ///
  /// - Parameter x: The network's input, [batch, height, width, channels].
  func callAsFunction(
    _ x: Tensor, _ inputs: AttentionInputs
  ) -> (output: Tensor, shifted: [ShiftedFeatures]) {
    var shifted: [ShiftedFeatures] = []
    let encoded = encoded(x)
    let dilated = through(encoder.dilated, encoded.quarter)
    let far = attention(.bottleneck, scale: 4, dilated, inputs)
    let near = attention(.parallel, scale: 4, through(attended, x), inputs)
    let joined = concatenate([far, through(borrowed, near)], axis: -1)
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

  /// The far-seeing branch's features of whole pictures at a scale.
  ///
  /// - Parameter x: The network's input, with nothing missing.
  func encoded(_ x: Tensor, scale: Int) -> Tensor {
    let layers = [(1, encoder.atFullSize), (2, encoder.atHalf), (4, encoder.atQuarter)].filter { $0.0 <= scale }
    return layers.flatMap(\.1).reduce(x) { $1($0) }
  }

  /// Features of the far-seeing branch before its dilated layers, at three sizes.
  private func encoded(_ x: Tensor) -> (full: Tensor?, half: Tensor?, quarter: Tensor) {
    // Features that nobody else wants need not be kept.
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

import NeuralNetworks
import Tensors

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

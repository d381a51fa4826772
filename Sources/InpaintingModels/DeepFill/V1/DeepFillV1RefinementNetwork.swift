import NeuralNetworks
import Tensors

extension DeepFillV1 {
  /// The second stage: one branch sees far by dilation, the other borrows from the surroundings by attention, and a
  /// decoder joins both (Yu et al., 2018, figure 4).
  ///
  /// Input [batch, height, width, 5]; output [batch, height, width, 3] in −1...1. Properties have the names of the
  /// authors' layers.
  package final class RefinementNetwork: Module {
    let xconv1, xconv2, xconv3, xconv4, xconv5: Conv2d
    let xconv6, xconv7, xconv8, xconv9, xconv10: Conv2d
    let pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6: Conv2d
    let pmconv9, pmconv10: Conv2d
    let allconv11, allconv12, allconv13, allconv14, allconv15, allconv16, allconv17: Conv2d
    let attention: GeneratorAttention
    let path: RefinementPath

    package init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
      let width = configuration.width
      let layer = DeepFillV1Layers(configuration, initialization: initialization)
      // The convolution branch.
      xconv1 = layer("xconv1", from: 5, to: width, kernel: 5)
      xconv2 = layer("xconv2", from: width, to: width, stride: 2)
      xconv3 = layer("xconv3", from: width, to: 2 * width)
      xconv4 = layer("xconv4", from: 2 * width, to: 2 * width, stride: 2)
      xconv5 = layer("xconv5", from: 2 * width, to: 4 * width)
      xconv6 = layer("xconv6", from: 4 * width, to: 4 * width)
      xconv7 = layer("xconv7", from: 4 * width, to: 4 * width, dilation: 2)
      xconv8 = layer("xconv8", from: 4 * width, to: 4 * width, dilation: 4)
      xconv9 = layer("xconv9", from: 4 * width, to: 4 * width, dilation: 8)
      xconv10 = layer("xconv10", from: 4 * width, to: 4 * width, dilation: 16)
      // The attention branch.
      pmconv1 = layer("pmconv1", from: 5, to: width, kernel: 5)
      pmconv2 = layer("pmconv2", from: width, to: width, stride: 2)
      pmconv3 = layer("pmconv3", from: width, to: 2 * width)
      pmconv4 = layer("pmconv4", from: 2 * width, to: 4 * width, stride: 2)
      pmconv5 = layer("pmconv5", from: 4 * width, to: 4 * width)
      pmconv6 = layer("pmconv6", from: 4 * width, to: 4 * width, activation: .relu)
      pmconv9 = layer("pmconv9", from: 4 * width, to: 4 * width)
      pmconv10 = layer("pmconv10", from: 4 * width, to: 4 * width)
      // The decoder.
      let plan = configuration.attentionPlan
      allconv11 = layer("allconv11", from: 8 * width, to: 4 * width)
      allconv12 = layer("allconv12", from: 4 * width + plan.channelsSkipping(to: 4), to: 4 * width)
      allconv13 = layer("allconv13", from: 4 * width, to: 2 * width, upsampling: 2)
      allconv14 = layer("allconv14", from: 2 * width + plan.channelsSkipping(to: 2), to: 2 * width)
      allconv15 = layer("allconv15", from: 2 * width, to: width, upsampling: 2)
      allconv16 = layer("allconv16", from: width + plan.channelsSkipping(to: 1), to: width / 2)
      allconv17 = layer.picture("allconv17", from: width / 2)
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

    /// - Parameter x: [batch, height, width, 5].
    func callAsFunction(
      _ x: Tensor, _ surroundings: AttentionSurroundings
    ) -> (pictures: Tensor, shifted: [ShiftedFeatures]) {
      let (pictures, shifted) = path(x, surroundings)
      return (clamp(pictures, -1, 1), shifted)
    }
  }
}

extension DeepFillV1Configuration {
  /// What attention the second stage has, and could have.
  var attentionPlan: AttentionPlan {
    AttentionPlan(
      attention,
      sites: RefinementPath.sites(widths: (quarter: 4 * width, half: 2 * width, full: width), last: width / 2))
  }
}

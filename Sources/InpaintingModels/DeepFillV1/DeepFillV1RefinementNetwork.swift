import NeuralNetworks
import Tensors

extension DeepFillV1 {
  /// The second stage: one branch sees far by dilation, the other borrows from the surroundings by attention, and a
  /// decoder joins both (Yu et al., 2018, figure 4).
  ///
  /// Input [batch, height, width, 5]; output [batch, height, width, 3] in −1...1. Properties have the names of the
  /// authors' layers.
  public final class RefinementNetwork: Module {
    let xconv1, xconv2, xconv3, xconv4, xconv5: Conv2d
    let xconv6, xconv7, xconv8, xconv9, xconv10: Conv2d
    let pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6: Conv2d
    let attention: ContextualAttention
    let pmconv9, pmconv10: Conv2d
    let allconv11, allconv12, allconv13, allconv14, allconv15, allconv16, allconv17: Conv2d
    private let checkpointsActivations: Bool

    public init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
      checkpointsActivations = configuration.checkpointsActivations
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
      attention = configuration.attention
      pmconv9 = layer("pmconv9", from: 4 * width, to: 4 * width)
      pmconv10 = layer("pmconv10", from: 4 * width, to: 4 * width)
      // The decoder.
      allconv11 = layer("allconv11", from: 8 * width, to: 4 * width)
      allconv12 = layer("allconv12", from: 4 * width, to: 4 * width)
      allconv13 = layer("allconv13", from: 4 * width, to: 2 * width, upsampling: 2)
      allconv14 = layer("allconv14", from: 2 * width, to: 2 * width)
      allconv15 = layer("allconv15", from: 2 * width, to: width, upsampling: 2)
      allconv16 = layer("allconv16", from: width, to: width / 2)
      allconv17 = layer.picture("allconv17", from: width / 2)
    }

    /// - Parameters:
    ///   - x: [batch, height, width, 5].
    ///   - hole: [batch or 1, height / 8, width / 8, 1], 1 where pixels are missing.
    public func callAsFunction(_ x: Tensor, hole: Tensor) -> Tensor {
      let (far, borrowed) =
        checkpointsActivations
        ? (
          checkpointed(x, at: farLayers.flatMap(\.parameters)) { self.far($0) },
          checkpointed(x, at: borrowingLayers.flatMap(\.parameters)) { self.borrowed($0, hole: hole) }
        )
        : (self.far(x), self.borrowed(x, hole: hole))
      let picture = concatenate([far, borrowed], axis: -1)
        .through(allconv11, allconv12, allconv13, allconv14, allconv15, allconv16, allconv17)
      return clamp(picture, -1, 1)
    }

    /// Where the attention looks, for people to see.
    func bestMatches(_ x: Tensor, hole: Tensor) -> [AttentionMap] {
      attention.bestMatches(attended(x), hole: hole)
    }

    private func far(_ x: Tensor) -> Tensor { farLayers.reduce(x) { $1($0) } }

    private func borrowed(_ x: Tensor, hole: Tensor) -> Tensor {
      attention(attended(x), hole: hole).through(pmconv9, pmconv10)
    }

    /// The features that attention compares and pastes.
    private func attended(_ x: Tensor) -> Tensor {
      x.through(pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6)
    }

    private var farLayers: [Conv2d] {
      [xconv1, xconv2, xconv3, xconv4, xconv5, xconv6, xconv7, xconv8, xconv9, xconv10]
    }

    private var borrowingLayers: [Conv2d] {
      [pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6, pmconv9, pmconv10]
    }
  }
}

extension DeepFillV1Configuration {
  fileprivate var attention: ContextualAttention {
    ContextualAttention(
      fuses: fuse, reduction: attentionReduction, nearestRule: nearest.rule, patchLength: attentionLength)
  }
}

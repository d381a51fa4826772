import Support
import Tensors

/// External spatial attention, the ESPA of interactive inpainting with semantic guidance (Yu et al., 2022): features
/// are multiplied with two learned matrices, an external key along the height and an external value along the width, so
/// that each position hears of every other one at a cost that grows with height + width for each.
///
/// With the features T normalized over their channels, for each column and channel, then each row and channel, by
/// itself:
///
///     K = A₂ · GELU(A₁ · T)    along the height, A₁ [factor · height, height]
///     Y = B₂ · GELU(B₁ · K)    along the width,  B₁ [factor · width, width]
///
/// There is no map, no softmax, no bias and no residual; the matrices know nothing of the features, and are the same
/// for all channels. They make the layer one of features of a fixed height and width, [batch, height, width, channels].
package final class ExternalSpatialAttention: AttentionLayer, PortedModule {
  package struct Options: AttentionOptions {
    /// The factor of numbers to positions between the two matrices of an axis.
    package var factor = 2

    package init() {}

    package init(_ reader: JSONReader) throws {
      factor = try reader.integer("factor", in: 1...16, default: factor)
    }
  }

  /// The size of the features that it takes.
  package let height: Int
  package let width: Int
  let norm: LayerNorm
  /// Along the height, then along the width.
  let key: AxisMixing
  let value: AxisMixing

  /// - Parameters:
  ///   - channels: Those of the features.
  ///   - height, width: The features' size, the only one that the layer will take.
  /// - Precondition: `problem(channels:height:width:options:)` is nil.
  package init(
    channels: Int, height: Int, width: Int, options: Options = Options(), initialization: Initialization
  ) {
    if let problem = Self.problem(channels: channels, height: height, width: width, options: options) {
      preconditionFailure("ExternalSpatialAttention \(initialization.name): \(problem)")
    }
    self.height = height
    self.width = width
    norm = LayerNorm(channels: channels)
    key = AxisMixing(size: height, factor: options.factor, initialization: initialization["key"])
    value = AxisMixing(size: width, factor: options.factor, initialization: initialization["value"])
  }

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, height: Int, width: Int, options: Options = Options()) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if !(1...16_384).contains(height) || !(1...16_384).contains(width) {
      return "the features' height (\(height)) and width (\(width)) must be from 1 to 16384"
    }
    if !(1...64).contains(options.factor) { return "the factor (\(options.factor)) must be from 1 to 64" }
    return nil
  }

  /// Reason against features of this size, in a sentence; nil if there is none.
  package func problem(height: Int, width: Int) -> String? {
    if height == self.height && width == self.width { return nil }
    return "external spatial attention was built for features of \(self.height)x\(self.width) and cannot take those of "
      + "\(height)x\(width)"
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let channels = norm.weight.shape[0]
    precondition(
      x.rank == 4 && problem(height: x.shape[1], width: x.shape[2]) == nil && x.shape[3] == channels,
      "ExternalSpatialAttention: expected [batch, \(height), \(width), \(channels)], found shape \(x.shape)")
    let keyed = key(norm(x).reshaped(to: [x.shape[0], height, width * channels]))
    return value(keyed.reshaped(to: [x.shape[0] * height, width, channels])).reshaped(to: x.shape)
  }

  /// The multiplications with an addition of a layer for features of this size.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let factor = key.expansion.shape[1] / self.height
    return 2 * factor * norm.weight.shape[0] * height * width * (height + width)
  }

  /// Named as in the published code.
  package var portedWeights: [PortedWeight] {
    [PortedWeight("norm.weight", norm.weight), PortedWeight("norm.bias", norm.bias)]
      + key.portedWeights.map { $0.named("ex_k") } + value.portedWeights.map { $0.named("ex_v") }
  }
}

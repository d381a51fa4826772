package import Support
package import Tensors

/// External spatial attention, the ESPA of interactive inpainting with semantic guidance (Yu et al., 2022): features
/// are multiplied by two learned matrices, an external key along the height and an external value along the width, so
/// that each position depends on every other one, at a cost per position that grows with height + width.
///
/// With the features T after layer normalization over the channels, for each column and channel, then for each row and
/// channel:
///
///     K = A₂ · GELU(A₁ · T)    along the height, A₁ [factor · height, height]
///     Y = B₂ · GELU(B₁ · K)    along the width,  B₁ [factor · width, width]
///
/// There is no attention map, softmax, bias or residual connection; the matrices do not depend on the features and are
/// the same for all channels. They fix the height and width of the features, [batch, height, width, channels].
package final class ExternalSpatialAttention: AttentionLayer, PortedModule {
  package struct Options: AttentionOptions {
    /// The ratio of hidden units to positions along each axis.
    package var factor = 2

    package init() {}

    package init(_ reader: JSONReader) throws {
      factor = try reader.integer("factor", in: 1...16, default: factor)
    }
  }

  /// The only size of features that it takes.
  package let height: Int
  package let width: Int
  let norm: LayerNorm
  /// The mixing along the height (`key`) and along the width (`value`).
  let key: AxisMixing
  let value: AxisMixing

  /// - Parameters:
  ///   - channels: The channels of the features.
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

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(channels: Int, height: Int, width: Int, options: Options = Options()) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if !(1...16_384).contains(height) || !(1...16_384).contains(width) {
      return "the features' height (\(height)) and width (\(width)) must be from 1 to 16384"
    }
    if !(1...64).contains(options.factor) { return "the factor (\(options.factor)) must be from 1 to 64" }
    return nil
  }

  /// The reason why the layer cannot take features of this size, as a sentence; nil if it can.
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

  /// The multiply-adds of a layer for features of this size.
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

/// The branch with external spatial attention in its network (Yu et al., 2022). It is parallel to the dilated
/// convolutions, and their outputs are added. Known positions come from the damaged picture, holes from the encoder:
///
///     context = 1x1 convolution of the picture, without bias
///     inside  = features in the hole, context elsewhere
///     output  = attention(inside) in the hole, context elsewhere
///
/// At known positions the output is exactly the context.
package final class ExternalSpatialBlock: PortedModule {
  package typealias Options = ExternalSpatialAttention.Options

  package let attention: ExternalSpatialAttention
  let context: Conv2d

  /// - Parameters:
  ///   - channels: The channels of the features.
  ///   - height, width: The size of the features.
  ///   - pictureChannels: The channels of the damaged picture.
  /// - Precondition: `problem(channels:height:width:pictureChannels:options:)` is nil.
  package init(
    channels: Int, height: Int, width: Int, pictureChannels: Int = 3, options: Options = Options(),
    initialization: Initialization
  ) {
    if let problem = Self.problem(
      channels: channels, height: height, width: width, pictureChannels: pictureChannels, options: options)
    {
      preconditionFailure("ExternalSpatialBlock \(initialization.name): \(problem)")
    }
    attention = ExternalSpatialAttention(
      channels: channels, height: height, width: width, options: options, initialization: initialization["attention"])
    context = Conv2d(
      inputChannels: pictureChannels, outputChannels: channels, kernel: 1, bias: false,
      initialization: initialization["context"])
  }

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  package static func problem(
    channels: Int, height: Int, width: Int, pictureChannels: Int = 3, options: Options = Options()
  ) -> String? {
    if pictureChannels < 1 { return "the number of the picture's channels (\(pictureChannels)) must be positive" }
    return ExternalSpatialAttention.problem(channels: channels, height: height, width: width, options: options)
  }

  /// - Parameters:
  ///   - features: The encoder's output, [batch, height, width, channels].
  ///   - picture: The damaged picture at the features' size, [batch, height, width, pictureChannels]. As published, it
  ///     is resized bilinearly, with half-pixel centers and without antialiasing.
  ///   - hole: 1 where pixels are missing, [batch or 1, height, width, 1]. As published, it is resized by
  ///     `resizedNearest`.
  /// - Returns: The summand for the dilated branch's output, [batch, height, width, channels].
  package func callAsFunction(_ features: Tensor, picture: Tensor, hole: Tensor) -> Tensor {
    let (height, width) = (attention.height, attention.width)
    precondition(
      features.rank == 4 && picture.rank == 4 && picture.shape.dropLast() == features.shape.dropLast(),
      "ExternalSpatialBlock: expected features and a picture of one size, found shapes \(features.shape) and "
        + "\(picture.shape)")
    precondition(
      [[1, height, width, 1], [features.shape[0], height, width, 1]].contains(hole.shape),
      "ExternalSpatialBlock: expected a hole of shape [\(features.shape[0]) or 1, \(height), \(width), 1], found "
        + "\(hole.shape)")
    let known = context(picture) * (1 - hole)
    return attention(features * hole + known) * hole + known
  }

  /// The multiply-adds for one sample whose features have this size.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    attention.multiplyAdds(height: height, width: width)
      + height * width * context.weight.shape[2] * context.weight.shape[3]
  }

  /// Named as in the published generator.
  package var portedWeights: [PortedWeight] {
    attention.portedWeights.map { $0.named("espa") } + [PortedWeight("convc.weight", context.weight, .outputsFirst)]
  }
}

/// External spatial attention in a generator. In the branch parallel to the dilated convolutions it is that branch;
/// elsewhere its output is added to the features, as published.
///
/// Its matrices are for features of one size. Features of another size, at inference, are resized to it and back
/// bilinearly.
final class PlacedExternalSpatialAttention: FeatureAttention {
  let block: ExternalSpatialBlock
  private let site: AttentionSite

  init(_ block: ExternalSpatialBlock, at site: AttentionSite) {
    self.block = block
    self.site = site
  }

  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor {
    let (height, width) = (block.attention.height, block.attention.width)
    let picture = inputs.pictures.resizedBilinear(height: height, width: width)
    let hole = inputs.holes.resizedNearest(height: height, width: width)
    let borrowed = block(x.resizedBilinear(height: height, width: width), picture: picture, hole: hole)
      .resizedBilinear(height: x.shape[1], width: x.shape[2])
    return site.part == .parallel ? borrowed : x + borrowed
  }

  /// Independent of the features' size: the cost at the layer's own size.
  func multiplyAdds(height: Int, width: Int) -> Int {
    block.multiplyAdds(height: block.attention.height, width: block.attention.width)
  }

  var ported: (any PortedModule)? { block }
}

/// The factory of external spatial attention, which is built for features of one size.
package struct ExternalSpatialFactory: AttentionFactory {
  package static let defaultPart = GeneratorPart.parallel

  private let options: ExternalSpatialAttention.Options
  /// The height and width of the features that the layer is built for.
  private var size: Int

  /// The published options.
  package init(featureSize: Int) {
    options = .init()
    size = featureSize
  }

  package init(_ reader: JSONReader, featureSize: Int) throws {
    options = try ExternalSpatialAttention.Options(reader)
    size = try reader.integer("size", in: 1...1024, default: max(1, min(1024, featureSize)))
  }

  package func problem(at site: AttentionSite) -> String? {
    ExternalSpatialBlock.problem(channels: site.channels, height: size, width: size, options: options)
  }

  package func make(_ context: AttentionContext) -> PlacedAttention {
    let block = ExternalSpatialBlock(
      channels: context.site.channels, height: size, width: size, options: options,
      initialization: context.initialization["block"])
    return .features(PlacedExternalSpatialAttention(block, at: context.site))
  }

  package func resized(toFeatures size: Int) -> Self {
    var resized = self
    resized.size = size
    return resized
  }
}

/// Mixes the positions along one axis, A₂ · GELU(A₁ · x), with matrices that are the same for all lines and channels.
final class AxisMixing: Module {
  /// A₁ and A₂, transposed: [size, factor · size] and [factor · size, size].
  let expansion: Parameter
  let contraction: Parameter

  /// - Parameters:
  ///   - size: The length of the axis.
  ///   - factor: The ratio of hidden units to `size`.
  init(size: Int, factor: Int, initialization: Initialization) {
    // Uniform within ±1 / √inputs, as PyTorch initializes the convolutions that these matrices are there: the network's
    // rule is for filters.
    let initialization = initialization.with(weights: .kaimingUniform(gain: (1.0 / 3).squareRoot()))
    expansion = initialization.weight([size, factor * size], "expansion")
    contraction = initialization.weight([factor * size, size], "contraction")
  }

  /// - Parameter x: [lines, size, rest], mixed along its second axis.
  func callAsFunction(_ x: Tensor) -> Tensor {
    matmul(contraction.value, gelu(matmul(expansion.value, x, transposeLeft: true)), transposeLeft: true)
  }

  /// Named as in the published code, where each matrix is a convolution of kernel 1.
  var portedWeights: [PortedWeight] {
    [
      PortedWeight("net.0.weight", expansion, .pointwise),
      PortedWeight("net.2.weight", contraction, .pointwise),
    ]
  }
}

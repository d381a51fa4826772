import Tensors

/// The branch of external spatial attention in its network (Yu et al., 2022), parallel to the dilated convolutions, to
/// whose output its own is added: known positions are those of the damaged picture, holes those of the encoder.
///
///     context = 1x1 convolution of the picture, without bias
///     inside  = features in the hole, context elsewhere
///     output  = attention(inside) in the hole, context elsewhere
///
/// In known positions the output is the context exactly.
package final class ExternalSpatialBlock: PortedModule {
  package typealias Options = ExternalSpatialAttention.Options

  package let attention: ExternalSpatialAttention
  let context: Conv2d

  /// - Parameters:
  ///   - channels: Those of the features.
  ///   - height, width: The size of the features.
  ///   - pictureChannels: Those of the damaged picture.
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

  /// Reason against such a block, in a sentence; nil if there is none.
  package static func problem(
    channels: Int, height: Int, width: Int, pictureChannels: Int = 3, options: Options = Options()
  ) -> String? {
    if pictureChannels < 1 { return "the number of the picture's channels (\(pictureChannels)) must be positive" }
    return ExternalSpatialAttention.problem(channels: channels, height: height, width: width, options: options)
  }

  /// - Parameters:
  ///   - features: The encoder's, [batch, height, width, channels].
  ///   - picture: The damaged picture at the features' size, [batch, height, width, pictureChannels]. As published it
  ///     gets there bilinearly, with half-pixel centers and without antialiasing.
  ///   - hole: 1 where pixels are missing, [batch or 1, height, width, 1]. As published it gets to this size by
  ///     `resizedNearest`.
  /// - Returns: What is to be added to the dilated branch, [batch, height, width, channels].
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

  /// The multiplications with an addition for one picture whose features have this size.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    attention.multiplyAdds(height: height, width: width)
      + height * width * context.weight.shape[2] * context.weight.shape[3]
  }

  /// Named as in the published generator.
  package var portedWeights: [PortedWeight] {
    attention.portedWeights.map { $0.named("espa") } + [PortedWeight("convc.weight", context.weight, .outputsFirst)]
  }
}

import Support
import Tensors

/// External spatial attention in a generator. In the branch beside the dilated layers it is that branch; elsewhere its
/// result is added to the features, as published.
///
/// Its matrices are for features of one size. Features of another, when whole pictures are filled, are brought to that
/// size and back, bilinearly.
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

  /// Whatever the features' size, the work is that of the layer's own.
  func multiplyAdds(height: Int, width: Int) -> Int {
    block.multiplyAdds(height: block.attention.height, width: block.attention.width)
  }

  var ported: (any PortedModule)? { block }
}

/// The factory of external spatial attention, which is made for features of one size.
package struct ExternalSpatialFactory: AttentionFactory {
  package static let usualPart = GeneratorPart.parallel

  private let options: ExternalSpatialAttention.Options
  /// The height and width of the features that the layer is made for.
  private var size: Int

  /// The published layer.
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

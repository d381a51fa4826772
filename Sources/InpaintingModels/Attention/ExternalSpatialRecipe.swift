import NeuralNetworks
import Support
import Tensors

/// External spatial attention with the known pixels around the hole.
struct ExternalSpatialRecipe: AttentionRecipe {
  static let usualPlace = AttentionPlace.parallel

  private var options = ExternalSpatialAttention.Options()
  /// The height and width of the features that the layer is made for.
  private var size: Int

  init(_ reader: JSONReader, featureSize: Int) throws {
    options.factor = try reader.integer("factor", in: 1...16, default: options.factor)
    size = try reader.integer("size", in: 1...1024, default: max(1, min(1024, featureSize)))
  }

  func problem(at site: AttentionSite) -> String? {
    ExternalSpatialBlock.problem(channels: site.channels, height: size, width: size, options: options)
  }

  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention {
    PlacedExternalSpatialAttention(
      ExternalSpatialBlock(
        channels: site.channels, height: size, width: size, options: options, initialization: initialization["block"]),
      at: site)
  }

  func resized(toFeatures size: Int) -> Self {
    var resized = self
    resized.size = size
    return resized
  }
}

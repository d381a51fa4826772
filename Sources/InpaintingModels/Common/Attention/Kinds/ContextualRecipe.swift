import NeuralNetworks
import Tensors

/// Contextual attention, whose options are the model's own: `fuse` and its like.
struct ContextualRecipe: AttentionRecipe {
  static let usualPlace = AttentionPlace.parallel

  init() {}

  init(_ reader: ConfigurationReader, featureSize: Int) throws {}

  func problem(at site: AttentionSite) -> String? {
    site.place == .bottleneck && site.scale > 4
      ? "it halves features, whose size may be odd there" : nil
  }

  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention {
    PlacedContextualAttention(contextual, at: site)
  }
}

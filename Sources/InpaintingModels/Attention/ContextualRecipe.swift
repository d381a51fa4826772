import NeuralNetworks
import Support
import Tensors

/// Contextual attention, whose options are the model's own: `fuse` and its like.
struct ContextualRecipe: AttentionRecipe {
  static let usualPlace = AttentionPlace.parallel

  init() {}

  init(_ reader: JSONReader, featureSize: Int) throws {}

  func problem(at site: AttentionSite) -> String? {
    site.sizeMultiple % 2 == 0 ? nil : "it halves features, whose size may be odd there"
  }

  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention {
    PlacedContextualAttention(contextual, at: site)
  }
}

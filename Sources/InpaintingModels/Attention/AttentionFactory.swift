import NeuralNetworks
import Support
import Tensors

/// How an attention is read from a configuration and made.
protocol AttentionRecipe: Hashable, Sendable {
  /// Where it is mostly put.
  static var usualPlace: AttentionPlace { get }

  /// - Parameter featureSize: The height and width of the features in training, for those that are made for one size.
  init(_ reader: JSONReader, featureSize: Int) throws

  /// Why there can be no such attention at the site, in a sentence; nil if there can.
  func problem(at site: AttentionSite) -> String?

  /// The layer with fresh parameters.
  ///
  /// - Parameter contextual: The model's contextual attention.
  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention

  /// How many channels it adds to those of the decoder where features skip to it.
  func skippingChannels(at site: AttentionSite) -> Int

  /// The same for features of another size.
  func resized(toFeatures size: Int) -> Self
}

extension AttentionRecipe {
  static var usualPlace: AttentionPlace { .bottleneck }

  func skippingChannels(at site: AttentionSite) -> Int { site.channels }

  func resized(toFeatures size: Int) -> Self { self }
}

import Support
import Tensors

/// An attention as a configuration says it, ready to be built wherever it can be.
package protocol AttentionFactory: Hashable, Sendable {
  /// The part of a generator where it is mostly put.
  static var usualPart: GeneratorPart { get }

  /// True if files of weights of public ports can be read into it: the keys `weights` and `prefix`.
  static var isPorted: Bool { get }

  /// True if it can only be where labels are known.
  static var needsLabels: Bool { get }

  /// Reads the keys of an element of `model.attention` that are the kind's.
  ///
  /// - Parameter featureSize: The height and width of the features in training, for those that are made for one size.
  /// - Throws: `Failure` of the kind `configuration` that names the key.
  init(_ reader: JSONReader, featureSize: Int) throws

  /// Reason why there can be no such attention at the site, in a sentence; nil if there can.
  func problem(at site: AttentionSite) -> String?

  /// The attention with fresh parameters.
  func make(_ context: AttentionContext) -> PlacedAttention

  /// The number of channels that it adds to those of the decoder where features skip to it.
  func addedChannels(at site: AttentionSite) -> Int

  /// The same for features of another height and width.
  func resized(toFeatures size: Int) -> Self
}

extension AttentionFactory {
  package static var usualPart: GeneratorPart { .bottleneck }

  package static var isPorted: Bool { true }

  package static var needsLabels: Bool { false }

  package func addedChannels(at site: AttentionSite) -> Int { site.channels }

  package func resized(toFeatures size: Int) -> Self { self }
}

/// All that a factory gets to build an attention: its site, and what its model decides.
package struct AttentionContext {
  package let site: AttentionSite
  /// The model's contextual attention, whose options are keys of the model itself.
  package let contextual: ContextualAttention
  package let initialization: Initialization

  package init(site: AttentionSite, contextual: ContextualAttention, initialization: Initialization) {
    self.site = site
    self.contextual = contextual
    self.initialization = initialization
  }
}

/// The factory of a layer that needs to know nothing of its site but the number of channels.
struct LayerFactory<Layer: ConfigurableAttention>: AttentionFactory {
  let options: Layer.Options

  init(_ reader: JSONReader, featureSize: Int) throws { options = try Layer.Options(reader) }

  func problem(at site: AttentionSite) -> String? { Layer.problem(channels: site.channels, options: options) }

  func make(_ context: AttentionContext) -> PlacedAttention {
    .features(
      PlacedLayer(
        Layer(
          channels: context.site.channels, options: options, initialization: context.initialization["layer"])))
  }
}

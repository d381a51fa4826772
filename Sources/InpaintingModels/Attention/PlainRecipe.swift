import NeuralNetworks
import Support
import Tensors

/// A layer that is made from a number of channels and options alone.
protocol PlainLayer: AttentionLayer {
  associatedtype Options: AttentionOptions

  init(channels: Int, options: Options, initialization: Initialization)

  /// Why there can be no such layer, in a sentence; nil if there can.
  static func problem(channels: Int, options: Options) -> String?
}

/// Options of a layer, with their keys in configurations; a key that is absent has the published value.
protocol AttentionOptions: Hashable, Sendable {
  init(_ reader: JSONReader) throws
}

/// An attention that needs to know nothing of its place but the number of channels.
struct PlainRecipe<Layer: PlainLayer>: AttentionRecipe {
  let options: Layer.Options

  init(_ reader: JSONReader, featureSize: Int) throws { options = try Layer.Options(reader) }

  func problem(at site: AttentionSite) -> String? { Layer.problem(channels: site.channels, options: options) }

  func layer(
    at site: AttentionSite, contextual: ContextualAttention, initialization: Initialization
  ) -> any PlacedAttention {
    PlainAttention(
      Layer(channels: site.channels, options: options, initialization: initialization["layer"]))
  }
}

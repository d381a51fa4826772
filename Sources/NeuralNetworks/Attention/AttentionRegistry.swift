package import Support
package import Tensors

/// The attentions that configurations can name.
package enum AttentionRegistry {
  /// One line a kind.
  private static let kinds: [(name: String, factory: any AttentionFactory.Type)] = [
    ("contextual", ContextualFactory.self),
    ("self_attention", LayerFactory<SelfAttention>.self),
    ("pooled_self_attention", LayerFactory<PooledSelfAttention>.self),
    ("non_local", LayerFactory<NonLocalBlock>.self),
    ("criss_cross", LayerFactory<CrissCrossAttention>.self),
    ("spatial_transformer", LayerFactory<SpatialTransformer>.self),
    ("shift", ShiftFactory.self),
    ("se", LayerFactory<SqueezeExcitation>.self),
    ("sk", LayerFactory<SelectiveKernel>.self),
    ("eca", LayerFactory<EfficientChannelAttention>.self),
    ("cbam", LayerFactory<ConvolutionalBlockAttention>.self),
    ("channel_affinity", LayerFactory<ChannelAffinityAttention>.self),
    ("danet", LayerFactory<DualAttention>.self),
    ("residual_attention", LayerFactory<ResidualAttention>.self),
    ("external", LayerFactory<ExternalAttention>.self),
    ("external_block", LayerFactory<ExternalAttentionBlock>.self),
    ("external_multi_head", LayerFactory<MultiHeadExternalAttention>.self),
    ("espa", ExternalSpatialFactory.self),
    ("multi_head", LayerFactory<MultiHeadAttention>.self),
    ("semantic", SemanticFactory.self),
  ]

  /// The names of all kinds.
  package static var names: [String] { kinds.map(\.name) }

  /// The names of the kinds that can be where no labels are known.
  package static var namesWithoutLabels: [String] { kinds.filter { !$0.factory.needsLabels }.map(\.name) }

  /// The part of a generator where a kind is mostly put.
  ///
  /// - Throws: `Failure` of the kind `usage` for a name that none has.
  package static func usualPart(of name: String) throws -> GeneratorPart {
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw Failure(.usage, "There is no attention \(name): expected one of \(names.joined(separator: ", ")).")
    }
    return kind.factory.usualPart
  }

  /// Reads the key `kind` of an element of `model.attention`, and the keys that are the kind's.
  ///
  /// - Parameter pictureSize: The height and width of the pictures of a run; nil where there is none.
  /// - Throws: `Failure` of the kind `configuration` that also says if the kind cannot be at the site.
  package static func factory(
    _ reader: JSONReader, at site: AttentionSite, pictureSize: Int?
  ) throws -> (name: String, factory: any AttentionFactory) {
    let name = try reader.string("kind", among: names)
    guard let kind = kinds.first(where: { $0.name == name }) else {
      preconditionFailure("AttentionRegistry: \(name) is among the names and not among the kinds")
    }
    let factory = try kind.factory.init(reader, featureSize: (pictureSize ?? 256) / site.scale)
    if let problem = factory.problem(at: site) {
      throw reader.failure("`\(name)` cannot be \(site.description): \(problem)")
    }
    return (name, factory)
  }
}

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

/// A part of a generator where attention can be put: the value of `at` in configurations.
package enum GeneratorPart: String, CaseIterable, Sendable {
  /// After the layers that see furthest: DeepFill's dilated stack, the last layer of a U-Net's encoder.
  case bottleneck
  /// The branch beside them, where the DeepFills have their contextual attention.
  case parallel
  /// After the layers of the decoder that work at one scale.
  case decoder
  /// The way from the encoder to the decoder at one scale. The DeepFills have no such way: this makes one.
  case skip

  /// As in "in the decoder".
  package var description: String {
    switch self {
    case .bottleneck: "at the bottleneck"
    case .parallel: "in the parallel branch"
    case .decoder: "in the decoder"
    case .skip: "on the skip connection"
    }
  }
}

/// A site of attention in a certain generator, and the features that are there.
package struct AttentionSite: Hashable, Sendable {
  package let part: GeneratorPart
  /// The fraction of a picture's height and width that the features have: 4 for a quarter.
  package let scale: Int
  package let channels: Int
  /// Divisor of the features' height and width, whatever the pictures.
  package let sizeMultiple: Int
  /// True if features go this way only if attention is put there, which may then change how many there are.
  package let isAdded: Bool
  /// True if the network has predicted the classes of pixels before it comes there.
  package let hasLabels: Bool

  package init(
    _ part: GeneratorPart, scale: Int, channels: Int, sizeMultiple: Int = 1, isAdded: Bool = false,
    hasLabels: Bool = false
  ) {
    self.part = part
    self.scale = scale
    self.channels = channels
    self.sizeMultiple = sizeMultiple
    self.isAdded = isAdded
    self.hasLabels = hasLabels
  }

  /// As in "in the decoder, at half of the size, 96 channels".
  package var description: String {
    let size =
      switch scale {
      case 1: "the full size"
      case 2: "half of the size"
      case 4: "a quarter of the size"
      default: "1/\(scale) of the size"
      }
    return "\(part.description), at \(size), \(channels) channels"
  }
}

/// A module that weighs features by what they are, and gives as many as it takes: it can be put between any two layers.
///
/// Input and output [batch, height, width, channels].
package protocol AttentionLayer: Layer {
  /// Multiply-adds of the layer for the features of one picture; those of scalars with whole pictures, of normalizations
  /// and activations do not count.
  func multiplyAdds(height: Int, width: Int) -> Int
}

/// An attention with a map: each position draws from others, with weights that can be looked at.
package protocol MappedAttention: AttentionLayer {
  /// Weights with which one position draws from all positions.
  ///
  /// - Parameters:
  ///   - row, column: The position, within the features' height and width.
  ///   - x: [batch, height, width, channels].
  /// - Returns: [batch, height, width], mostly of the sum 1.
  func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor
}

/// An attention that is made from a number of channels and its options alone, which most kinds are, and that public
/// programs have as well.
package protocol ConfigurableAttention: AttentionLayer, PortedModule {
  associatedtype Options: AttentionOptions

  init(channels: Int, options: Options, initialization: Initialization)

  /// Reason why there can be no such layer, in a sentence; nil if there can.
  static func problem(channels: Int, options: Options) -> String?
}

/// Options of an attention, with their keys in configurations; a key that is absent has the published value.
package protocol AttentionOptions: Hashable, Sendable {
  /// - Throws: `Failure` of the kind `configuration` that names the key.
  init(_ reader: JSONReader) throws
}

package import Support
package import Tensors

/// The attention modules that configurations can name.
package enum AttentionRegistry {
  /// One line per kind.
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

  /// The names of the kinds that work without labels.
  package static var namesWithoutLabels: [String] { kinds.filter { !$0.factory.needsLabels }.map(\.name) }

  /// The part of a generator where a kind is used by default.
  ///
  /// - Throws: `Failure` of the kind `usage` for an unknown name.
  package static func defaultPart(of name: String) throws -> GeneratorPart {
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw Failure(.usage, "the attention: expected one of \(names.joined(separator: ", ")), found \(name).")
    }
    return kind.factory.defaultPart
  }

  /// Reads the key `kind` of an element of `model.attention`, and the keys of that kind.
  ///
  /// - Parameter pictureSize: The height and width of the pictures of a run; nil if there is no run.
  /// - Throws: `Failure` of the kind `configuration`, also if the kind cannot be at the site.
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

/// An attention module as a configuration describes it, which can be built at different sites.
package protocol AttentionFactory: Hashable, Sendable {
  /// The part of a generator where it is used by default.
  static var defaultPart: GeneratorPart { get }

  /// True if weights of public ports can be loaded into it, with the keys `weights` and `prefix`.
  static var isPorted: Bool { get }

  /// True if it requires labels.
  static var needsLabels: Bool { get }

  /// Reads the keys of an element of `model.attention` that belong to the kind.
  ///
  /// - Parameter featureSize: The height and width of the features in training, for kinds that are built for one size.
  /// - Throws: `Failure` of the kind `configuration` that names the key.
  init(_ reader: JSONReader, featureSize: Int) throws

  /// The reason why the attention cannot be at the site, as a sentence; nil if it can.
  func problem(at site: AttentionSite) -> String?

  /// Builds the attention with fresh parameters.
  func make(_ context: AttentionContext) -> PlacedAttention

  /// The number of channels that it adds to the decoder's if it is on a skip connection.
  func addedChannels(at site: AttentionSite) -> Int

  /// A copy for features of another height and width.
  func resized(toFeatures size: Int) -> Self
}

extension AttentionFactory {
  package static var defaultPart: GeneratorPart { .bottleneck }

  package static var isPorted: Bool { true }

  package static var needsLabels: Bool { false }

  package func addedChannels(at site: AttentionSite) -> Int { site.channels }

  package func resized(toFeatures size: Int) -> Self { self }
}

/// The inputs of a factory: the site, and what the model decides.
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

/// The factory of a layer that depends only on the number of channels of its site.
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

/// A part of a generator where attention can be: the value of `at` in configurations.
package enum GeneratorPart: String, CaseIterable, Sendable {
  /// After the layers with the largest receptive field: DeepFill's dilated convolutions, the last layer of a U-Net's
  /// encoder.
  case bottleneck
  /// In a branch parallel to those layers, where the DeepFills have their contextual attention.
  case parallel
  /// After the decoder's layers of one resolution.
  case decoder
  /// On the skip connection from the encoder to the decoder at one resolution. The DeepFills have none: this adds one.
  case skip

  /// A phrase such as "in the decoder".
  package var description: String {
    switch self {
    case .bottleneck: "at the bottleneck"
    case .parallel: "in the parallel branch"
    case .decoder: "in the decoder"
    case .skip: "on the skip connection"
    }
  }
}

/// A site for attention in a given generator, and the features there.
package struct AttentionSite: Hashable, Sendable {
  package let part: GeneratorPart
  /// The factor by which the features are smaller than the picture, in height and width: 4 for a quarter.
  package let scale: Int
  package let channels: Int
  /// A number that divides the features' height and width for pictures of any size.
  package let sizeMultiple: Int
  /// True if this path exists only with attention on it, which may then change the number of channels.
  package let isAdded: Bool
  /// True if the network has predicted the pixels' classes before this site.
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

  /// A phrase such as "in the decoder, at half of the size, 96 channels".
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

/// A layer that reweights features by their content and keeps their shape: it can be inserted between any two layers.
///
/// Input and output are [batch, height, width, channels].
package protocol AttentionLayer: Layer {
  /// The multiply-adds (MACs) of the layer for one sample. Products of feature maps with scalars, normalizations and
  /// activations do not count.
  func multiplyAdds(height: Int, width: Int) -> Int
}

/// An attention with an attention map: each position attends to others, with weights that can be inspected.
package protocol MappedAttention: AttentionLayer {
  /// The weights with which one position, the query, attends to all positions.
  ///
  /// - Parameters:
  ///   - row, column: The query, within the features' height and width.
  ///   - x: [batch, height, width, channels].
  /// - Returns: [batch, height, width], which sum to 1 for most kinds.
  func weights(ofRow row: Int, column: Int, in x: Tensor) -> Tensor
}

/// An attention that is built from a number of channels and its options alone, as most kinds are, and that has public
/// ports.
package protocol ConfigurableAttention: AttentionLayer, PortedModule {
  associatedtype Options: AttentionOptions

  init(channels: Int, options: Options, initialization: Initialization)

  /// The reason why the arguments are invalid, as a sentence; nil if they are valid.
  static func problem(channels: Int, options: Options) -> String?
}

/// The options of an attention, with their keys in configurations. A missing key has the published value.
package protocol AttentionOptions: Hashable, Sendable {
  /// - Throws: `Failure` of the kind `configuration` that names the key.
  init(_ reader: JSONReader) throws
}

import Support

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

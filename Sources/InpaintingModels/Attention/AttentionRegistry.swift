import NeuralNetworks
import Support
import Tensors

/// An attention by its name in configurations, with its options.
package struct AttentionKind: Hashable, Sendable {
  /// The value of `kind`.
  package let name: String
  let recipe: any AttentionRecipe

  init(_ name: String, _ recipe: any AttentionRecipe) {
    self.name = name
    self.recipe = recipe
  }

  /// What the DeepFills have as published.
  package static let contextual = AttentionKind("contextual", ContextualRecipe())

  /// The names of all kinds.
  package static var names: [String] { all.map(\.name) }

  /// Where a kind is mostly put.
  ///
  /// - Throws: `Failure` of the kind `usage` for a name that none has.
  package static func usualPlace(of name: String) throws -> AttentionPlace {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw Failure(.usage, "There is no attention \(name): expected one of \(names.joined(separator: ", ")).")
    }
    return kind.recipe.usualPlace
  }

  /// One line a kind.
  private static let all: [(name: String, recipe: any AttentionRecipe.Type)] = [
    ("contextual", ContextualRecipe.self),
    ("self_attention", PlainRecipe<SelfAttention>.self),
    ("pooled_self_attention", PlainRecipe<PooledSelfAttention>.self),
    ("non_local", PlainRecipe<NonLocalBlock>.self),
    ("criss_cross", PlainRecipe<CrissCrossAttention>.self),
    ("spatial_transformer", PlainRecipe<SpatialTransformer>.self),
    ("shift", ShiftRecipe.self),
    ("se", PlainRecipe<SqueezeExcitation>.self),
    ("sk", PlainRecipe<SelectiveKernel>.self),
    ("eca", PlainRecipe<EfficientChannelAttention>.self),
    ("cbam", PlainRecipe<ConvolutionalBlockAttention>.self),
    ("channel_affinity", PlainRecipe<ChannelAffinityAttention>.self),
    ("danet", PlainRecipe<DualAttention>.self),
    ("residual_attention", PlainRecipe<ResidualAttention>.self),
    ("external", PlainRecipe<ExternalAttention>.self),
    ("external_block", PlainRecipe<ExternalAttentionBlock>.self),
    ("external_multi_head", PlainRecipe<MultiHeadExternalAttention>.self),
    ("espa", ExternalSpatialRecipe.self),
    ("multi_head", PlainRecipe<MultiHeadAttention>.self),
  ]

  /// Reads the keys of an element of `attention` that are the kind's.
  ///
  /// - Parameter pictureSize: The height and width of the pictures of a run; nil where there is none.
  /// - Throws: `Failure` of the kind `configuration` that also says if the kind cannot be at the site.
  init(_ reader: JSONReader, site: AttentionSite, pictureSize: Int?) throws {
    let name = try reader.string("kind", among: Self.names)
    guard let kind = Self.all.first(where: { $0.name == name }) else {
      preconditionFailure("AttentionKind: \(name) is among the names and not among the kinds")
    }
    let recipe = try kind.recipe.init(reader, featureSize: (pictureSize ?? 256) / site.scale)
    if let problem = recipe.problem(at: site) {
      throw reader.failure("`\(name)` cannot be \(site.description): \(problem)")
    }
    self.init(name, recipe)
  }

  /// The same for features of another size.
  func resized(toFeatures size: Int) -> AttentionKind { AttentionKind(name, recipe.resized(toFeatures: size)) }

  package static func == (left: AttentionKind, right: AttentionKind) -> Bool {
    left.name == right.name && AnyHashable(left.recipe) == AnyHashable(right.recipe)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(AnyHashable(recipe))
  }
}

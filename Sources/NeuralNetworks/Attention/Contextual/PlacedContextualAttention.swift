package import Support
import Tensors

/// Contextual attention in a generator, with the hole at half of the features' size.
final class PlacedContextualAttention: FeatureAttention {
  private let attention: ContextualAttention
  private let site: AttentionSite

  init(_ attention: ContextualAttention, at site: AttentionSite) {
    self.attention = attention
    self.site = site
  }

  func callAsFunction(_ x: Tensor, _ inputs: AttentionInputs) -> Tensor { attention(x, hole: hole(inputs)) }

  func multiplyAdds(height: Int, width: Int) -> Int {
    attention.multiplyAdds(height: height, width: width, channels: site.channels)
  }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ inputs: AttentionInputs) -> Tensor? {
    attention.weights(ofRow: row / 2, column: column / 2, in: x, hole: hole(inputs))
  }

  func argmaxMaps(_ x: Tensor, _ inputs: AttentionInputs) -> [AttentionMap]? {
    attention.argmaxMaps(x, hole: hole(inputs))
  }

  /// nil, because it has no parameters.
  var ported: (any PortedModule)? { nil }

  private func hole(_ inputs: AttentionInputs) -> Tensor { inputs.holes(reducedBy: 2 * site.scale) }
}

/// The factory of contextual attention, whose options are the model's own keys, such as `fuse`.
package struct ContextualFactory: AttentionFactory {
  package static let defaultPart = GeneratorPart.parallel
  package static let isPorted = false

  package init() {}

  package init(_ reader: JSONReader, featureSize: Int) throws {}

  package func problem(at site: AttentionSite) -> String? {
    site.sizeMultiple % 2 == 0 ? nil : "it halves features, whose size may be odd there"
  }

  package func make(_ context: AttentionContext) -> PlacedAttention {
    .features(PlacedContextualAttention(context.contextual, at: context.site))
  }
}

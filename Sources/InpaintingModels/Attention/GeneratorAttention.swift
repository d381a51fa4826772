package import InpaintingData
package import NeuralNetworks
import Tensors

/// The attention layers of a generator, in the order of the configuration. In checkpoints their names begin with
/// `attention.layers.0.` and so on.
final class GeneratorAttention: Module {
  let layers: [any Module]
  /// The layers with their sites and configuration entries.
  let insertions: [AttentionInsertion]

  /// - Parameter contextual: The layer for entries of the kind `contextual`.
  init(_ plan: AttentionPlan, contextual: ContextualAttention, initialization: Initialization) {
    let initialization = initialization["attention"]["layers"]
    insertions = plan.entries.enumerated().map { number, entry in
      let context = AttentionContext(
        site: plan.site(of: entry), contextual: contextual, initialization: initialization["\(number)"])
      return AttentionInsertion(number, entry, at: context.site, entry.factory.make(context))
    }
    layers = insertions.map(\.layer.module)
  }

  /// The features after all attention layers of a site in sequence, in the shape of `x`,
  /// [batch, height, width, channels]; `x` itself if the site has none.
  func callAsFunction(_ part: GeneratorPart, scale: Int, _ x: Tensor, _ inputs: AttentionInputs) -> Tensor {
    at(part, scale).reduce(x) { x, insertion in
      guard case .features(let attention) = insertion.layer else { return x }
      AttentionObservation.note(insertion.number, x, inputs)
      return attention(x, inputs)
    }
  }

  /// The decoder's features joined with the encoder's through the skip connection's attention at a scale; `decoded`
  /// itself if there is none there.
  func joined(scale: Int, decoded: Tensor, encoded: Tensor?, _ inputs: AttentionInputs) -> Tensor {
    guard let encoded, let insertion = at(.skip, scale).first else { return decoded }
    AttentionObservation.note(insertion.number, encoded, inputs)
    return insertion.layer.joined(decoded: decoded, encoded: encoded, inputs)
  }

  /// The shift connection layer (Yan et al., 2018) at a scale; nil if there is none.
  func shift(at scale: Int) -> ShiftLayer? {
    guard case .shift(let shift)? = at(.skip, scale).first?.layer else { return nil }
    return shift
  }

  /// True if there is a skip connection with attention at a scale.
  func skips(at scale: Int) -> Bool { isAt(.skip, scale: scale) }

  /// True if there is an attention layer at a site.
  func isAt(_ part: GeneratorPart, scale: Int) -> Bool { !at(part, scale).isEmpty }

  /// True if some attention layer needs `AttentionInputs.labels`.
  var needsLabels: Bool { insertions.contains { type(of: $0.entry.factory).needsLabels } }

  private func at(_ part: GeneratorPart, _ scale: Int) -> [AttentionInsertion] {
    insertions.filter { $0.site.part == part && $0.site.scale == scale }
  }
}

/// A model whose generator has configurable attention layers.
protocol AttentionHost {
  var attention: GeneratorAttention { get }
}

extension InpaintingModel {
  /// The attention layers of the model's generator, in the order of the configuration; empty for models without
  /// configurable attention.
  package var insertions: [AttentionInsertion] { (self as? any AttentionHost)?.attention.insertions ?? [] }

  /// The argmax maps of the first attention layer that has any, one for each picture, for visualization; nil if no
  /// layer does. Runs a forward pass.
  package func attentionMaps(of batch: InpaintingBatch) -> [AttentionMap]? {
    let observation = AttentionObservation { _ = fill(batch) }
    return insertions.lazy.compactMap { $0.argmaxMaps(in: observation) }.first
  }

  /// Loads the pretrained weights that the configuration names for single attention layers. Only for new models:
  /// checkpoints already contain these parameters.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` for a file that does not match the layer.
  package func loadAttentionWeights() throws {
    for insertion in insertions {
      guard let weights = insertion.weights, case .features(let attention) = insertion.layer,
        let module = attention.ported
      else { continue }
      try weights.load(into: module)
    }
  }
}

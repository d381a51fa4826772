package import InpaintingData
package import NeuralNetworks
import Tensors

/// All attentions of a generator, in the order of the configuration: `attention.layers.0.…` in checkpoints.
final class GeneratorAttention: Module {
  let layers: [any Module]
  /// The same with their sites.
  let insertions: [AttentionInsertion]

  /// - Parameter contextual: The contextual attention that entries of that kind use.
  init(_ plan: AttentionPlan, contextual: ContextualAttention, initialization: Initialization) {
    let initialization = initialization["attention"]["layers"]
    insertions = plan.entries.enumerated().map { number, entry in
      let context = AttentionContext(
        site: plan.site(of: entry), contextual: contextual, initialization: initialization["\(number)"])
      return AttentionInsertion(number, entry, at: context.site, entry.factory.make(context))
    }
    layers = insertions.map(\.layer.module)
  }

  /// Features after all attentions of a site, one after the other; unchanged if there is none.
  func callAsFunction(_ part: GeneratorPart, scale: Int, _ x: Tensor, _ inputs: AttentionInputs) -> Tensor {
    at(part, scale).reduce(x) { x, insertion in
      guard case .features(let attention) = insertion.layer else { return x }
      AttentionObservation.note(insertion.number, x, inputs)
      return attention(x, inputs)
    }
  }

  /// Features of the decoder beside those that skip to them: as they are if nothing does.
  func joined(scale: Int, decoded: Tensor, encoded: Tensor?, _ inputs: AttentionInputs) -> Tensor {
    guard let encoded, let insertion = at(.skip, scale).first else { return decoded }
    AttentionObservation.note(insertion.number, encoded, inputs)
    return insertion.layer.joined(decoded: decoded, encoded: encoded, inputs)
  }

  /// The shift connection of a scale, nil if there is none.
  func shift(at scale: Int) -> ShiftLayer? {
    guard case .shift(let shift)? = at(.skip, scale).first?.layer else { return nil }
    return shift
  }

  /// True if features skip from the encoder to the decoder at a scale.
  func skips(at scale: Int) -> Bool { isAt(.skip, scale: scale) }

  /// True if there is attention at a site.
  func isAt(_ part: GeneratorPart, scale: Int) -> Bool { !at(part, scale).isEmpty }

  /// True if some attention must be told the classes of pixels.
  var needsLabels: Bool { insertions.contains { type(of: $0.entry.factory).needsLabels } }

  private func at(_ part: GeneratorPart, _ scale: Int) -> [AttentionInsertion] {
    insertions.filter { $0.site.part == part && $0.site.scale == scale }
  }
}

/// A model whose generator takes attention where a configuration says so.
protocol AttentionHost {
  var attention: GeneratorAttention { get }
}

extension InpaintingModel {
  /// The attentions that the configuration put into the model's generator, in its order; none if it takes none.
  package var insertions: [AttentionInsertion] { (self as? any AttentionHost)?.attention.insertions ?? [] }

  /// Maps of the positions that the model's attention looks at while it fills pictures, one a picture; of several
  /// attentions those of the first that has such maps. For people to see: the pictures are filled once more for it. Nil
  /// if there is none.
  package func attentionMaps(of batch: InpaintingBatch) -> [AttentionMap]? {
    let observation = AttentionObservation { _ = fill(batch) }
    return insertions.lazy.compactMap { $0.argmaxMaps(in: observation) }.first
  }

  /// Reads the files of weights that the configuration names for single attentions. For fresh models: checkpoints have
  /// these parameters themselves.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` for a file that does not fit.
  package func loadAttentionWeights() throws {
    for insertion in insertions {
      guard let weights = insertion.weights, case .features(let attention) = insertion.layer,
        let module = attention.ported
      else { continue }
      try weights.load(into: module)
    }
  }
}

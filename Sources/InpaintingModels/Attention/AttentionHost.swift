import InpaintingData
import NeuralNetworks

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

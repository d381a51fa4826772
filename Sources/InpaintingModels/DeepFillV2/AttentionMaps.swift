import NeuralNetworks
import Tensors

extension DeepFillV2 {
  public func attention(of filling: Filling, in batch: InpaintingBatch) -> [AttentionMap]? {
    generator.attention(in: batch, coarse: filling.stages[0].pictures)
  }
}

extension Generator {
  /// Where the second stage's attention looks, given the first stage's raw pictures.
  fileprivate func attention(in batch: InpaintingBatch, coarse: Tensor) -> [AttentionMap] {
    refinement.bestMatches(batch.completed(with: coarse), hole: reducedHoles(batch.holes))
  }
}

extension RefinementNetwork {
  /// The attention branch once more, as far as the attention.
  fileprivate func bestMatches(_ x: Tensor, hole: Tensor) -> [AttentionMap] {
    let features = x.through(pmconv1, pmconv2, pmconv3, pmconv4, pmconv5, pmconv6)
    return attention.bestMatches(features, hole: hole)
  }
}

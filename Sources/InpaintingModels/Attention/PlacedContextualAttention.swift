import NeuralNetworks
import Tensors

/// Contextual attention, which sees the holes at half of the features' size.
final class PlacedContextualAttention: PlacedAttention {
  private let attention: ContextualAttention
  private let site: AttentionSite

  init(_ attention: ContextualAttention, at site: AttentionSite) {
    self.attention = attention
    self.site = site
  }

  func callAsFunction(_ x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor {
    attention(x, hole: surroundings.holes(reducedBy: 2 * site.scale))
  }

  func multiplyAdds(height: Int, width: Int) -> Int {
    attention.multiplyAdds(height: height, width: width, channels: site.channels)
  }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor? {
    attention.weights(ofRow: row / 2, column: column / 2, in: x, hole: surroundings.holes(reducedBy: 2 * site.scale))
  }

  func bestMatches(_ x: Tensor, _ surroundings: AttentionSurroundings) -> [AttentionMap]? {
    attention.bestMatches(x, hole: surroundings.holes(reducedBy: 2 * site.scale))
  }
}

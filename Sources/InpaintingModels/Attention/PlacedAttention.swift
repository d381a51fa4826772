import NeuralNetworks
import Tensors

/// An attention at its place in a generator, whatever it needs to know.
protocol PlacedAttention: Module {
  /// Features of the same shape, [batch, height, width, channels].
  func callAsFunction(_ x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor

  /// What the decoder goes on with where features skip to it.
  func joined(decoded: Tensor, encoded: Tensor, _ surroundings: AttentionSurroundings) -> Tensor

  /// The multiplications with an addition for the features of one picture.
  func multiplyAdds(height: Int, width: Int) -> Int

  /// With which weights a place draws from all places, [batch, height, width], or from those of a grid that is a fraction
  /// of it; nil if there is no such map.
  func weights(ofRow row: Int, column: Int, in x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor?

  /// Where each place draws from most, for each picture; nil if it is not known without asking place by place.
  func bestMatches(_ x: Tensor, _ surroundings: AttentionSurroundings) -> [AttentionMap]?
}

extension PlacedAttention {
  func joined(decoded: Tensor, encoded: Tensor, _ surroundings: AttentionSurroundings) -> Tensor {
    concatenate([decoded, self(encoded, surroundings)], axis: -1)
  }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor? { nil }

  func bestMatches(_ x: Tensor, _ surroundings: AttentionSurroundings) -> [AttentionMap]? { nil }
}

/// An attention that needs to know nothing but the features.
final class PlainAttention: PlacedAttention {
  let layer: any AttentionLayer

  init(_ layer: any AttentionLayer) { self.layer = layer }

  func callAsFunction(_ x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor { layer(x) }

  func multiplyAdds(height: Int, width: Int) -> Int { layer.multiplyAdds(height: height, width: width) }

  func weights(ofRow row: Int, column: Int, in x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor? {
    (layer as? any MappedAttention)?.weights(ofRow: row, column: column, in: x)
  }
}

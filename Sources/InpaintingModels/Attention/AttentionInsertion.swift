import NeuralNetworks
import Tensors

/// An attention that a configuration put into a generator, for people to see: what it is, what it costs, where it looks.
package struct AttentionInsertion {
  package let kind: AttentionKind
  package let site: AttentionSite
  package let parameterCount: Int
  private let number: Int
  private let layer: any PlacedAttention

  init(_ number: Int, _ kind: AttentionKind, at site: AttentionSite, _ layer: any PlacedAttention) {
    self.number = number
    self.kind = kind
    self.site = site
    self.layer = layer
    parameterCount = layer.parameterCount
  }

  /// The multiplications with an addition that it makes for a square picture.
  package func multiplyAdds(pictureSize: Int) -> Int {
    let size = max(1, pictureSize / site.scale)
    return layer.multiplyAdds(height: size, width: size)
  }

  /// With which weights a place of its features draws from all places, for each picture.
  ///
  /// - Returns: [batch, height, width], or fractions of the features' height and width; nil if there is no such map.
  package func weights(ofRow row: Int, column: Int, in observation: AttentionObservation) -> Tensor? {
    observation.input(of: number).flatMap {
      layer.weights(ofRow: row, column: column, in: $0.features, $0.surroundings)
    }
  }

  /// Where each place draws from most, for each picture; nil if that is not known without asking place by place.
  package func bestMatches(in observation: AttentionObservation) -> [AttentionMap]? {
    observation.input(of: number).flatMap { layer.bestMatches($0.features, $0.surroundings) }
  }
}

import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// An attention by itself, on features of its own, to see what it costs.
package final class AttentionTrial {
  private let layer: any PlacedAttention
  private let surroundings: AttentionSurroundings
  private let joins: Bool
  /// Everything that its gradient is wanted of beside the features.
  package let parameters: [Parameter]
  /// The multiplications with an addition that one call makes.
  package let multiplyAdds: Int

  /// - Parameters:
  ///   - kind: One of `AttentionKind.names`, with its usual options.
  ///   - size: The height and width of the features; the hole is a square of half of that in the middle.
  /// - Throws: `Failure` of the kind `configuration` if there is no such attention for so many channels.
  package init(kind: String, channels: Int, size: Int, seed: UInt64) throws {
    let reader = try JSONReader(["kind": JSONValue(kind)], source: "the usual options")
    let place = try AttentionKind.usualPlace(of: kind)
    let site = AttentionSite(place, scale: 1, channels: channels, sizeMultiple: 2, isAdded: true)
    let kind = try AttentionKind(reader, site: site, pictureSize: size)
    layer = kind.recipe.layer(
      at: site, contextual: ContextualAttention(), initialization: Initialization(seed: seed))
    parameters = layer.parameters
    multiplyAdds = layer.multiplyAdds(height: size, width: size)
    joins = place == .skip
    let quarter = size / 4
    let row = (0..<size).map { Scalar((quarter..<size - quarter).contains($0) ? 1 : 0) }
    let hole = Tensor(row, shape: [1, size, 1, 1]) * Tensor(row, shape: [1, 1, size, 1])
    let batch = InpaintingBatch(images: .zeros([1, size, size, 3]), holes: hole)
    surroundings = AttentionSurroundings(batch, pictures: batch.known)
  }

  /// What it makes of features, [1, size, size, channels]; where it stands at a skip, of a decoder's that are the same.
  package func callAsFunction(_ features: Tensor) -> Tensor {
    joins
      ? layer.joined(decoded: features, encoded: features, surroundings) : layer(features, surroundings)
  }
}

import NeuralNetworks
import Tensors

/// External spatial attention in a generator. In the branch beside the dilated layers it is that branch; elsewhere its
/// result is added to the features, as published.
///
/// Its matrices are for features of one size. Features of another, when whole pictures are filled, are brought to that
/// size and back, bilinearly.
final class PlacedExternalSpatialAttention: PlacedAttention {
  let block: ExternalSpatialBlock
  private let site: AttentionSite

  init(_ block: ExternalSpatialBlock, at site: AttentionSite) {
    self.block = block
    self.site = site
  }

  func callAsFunction(_ x: Tensor, _ surroundings: AttentionSurroundings) -> Tensor {
    let (height, width) = (block.attention.height, block.attention.width)
    let picture = surroundings.pictures.resizedBilinear(height: height, width: width)
    let hole = surroundings.holes.resizedNearest(height: height, width: width)
    let borrowed = block(x.resizedBilinear(height: height, width: width), picture: picture, hole: hole)
      .resizedBilinear(height: x.shape[1], width: x.shape[2])
    return site.place == .parallel ? borrowed : x + borrowed
  }

  /// Whatever the features' size, the work is that of the layer's own.
  func multiplyAdds(height: Int, width: Int) -> Int {
    block.multiplyAdds(height: block.attention.height, width: block.attention.width)
  }
}

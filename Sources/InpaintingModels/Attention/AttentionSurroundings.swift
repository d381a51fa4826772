import InpaintingData
import NeuralNetworks
import Tensors

/// What a generator's attention may see beside the features of its place.
struct AttentionSurroundings {
  /// [batch or 1, height, width, 1] at the pictures' size, 1 where pixels are missing.
  let holes: Tensor
  /// What the network takes for pictures, [batch, height, width, 3].
  let pictures: Tensor
  private let nearest: DeepFillNearest
  private let reduction: HoleReduction

  init(
    _ batch: InpaintingBatch, pictures: Tensor, nearest: DeepFillNearest = .floor, reduction: HoleReduction = .oneStep
  ) {
    holes = batch.holes
    self.pictures = pictures
    self.nearest = nearest
    self.reduction = reduction
  }

  /// The holes at a fraction of their size.
  func holes(reducedBy divisor: Int) -> Tensor { reduction.reduced(holes, nearest, by: divisor) }
}

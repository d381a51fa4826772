import InpaintingData
import Support
import Tensors

/// Multi-scale testing of networks that add to a start: what is added is the mean of two predictions, one for the pictures
/// and one for pictures of half their size, with left and right exchanged, where holes are half as wide.
///
/// Their errors are not the same, so that the mean has fewer, for a quarter more time and no training. Averaging over
/// scales and mirrored pictures is usual in segmentation (Zhao et al., 2017, "Pyramid Scene Parsing Network").
enum MultiScaleTest {
  /// The number of scales as a configuration's `test_scales` gives it, 1 or 2.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  static func scales(_ model: JSONReader, start: Start) throws -> Int {
    let scales = try model.integer("test_scales", in: 1...2, default: 1)
    guard scales == 1 || start.predictsResidual else {
      throw model.failure(
        "`test_scales` of 2 averages what is added to a start: expected \"start\": \"harmonic\" or \"patches\", found "
          + "\"published\"")
    }
    return scales
  }

  /// The divisor of heights and widths of a network that is tested at `scales` scales and itself needs multiples of `own`.
  static func sizeMultiple(_ own: Int, scales: Int) -> Int { own * scales }

  /// The mean of the two scales' pictures in the holes, [batch, height, width, 3]; outside, `pictures`.
  ///
  /// - Parameters:
  ///   - pictures: The network's for the batch itself.
  ///   - network: Raw pictures for a batch, the start outside the holes.
  static func pictures(
    _ pictures: Tensor, _ batch: InpaintingBatch, by network: (InpaintingBatch) -> Tensor
  ) -> Tensor {
    let half = batch.halved().mirrored()
    let added = (AttentionObservation.paused { network(half) } - half.started).mirrored()
    let (height, width) = (pictures.shape[1], pictures.shape[2])
    let other = batch.started + added.resizedBilinear(height: height, width: width) * batch.holes
    return (pictures + other) * 0.5
  }
}

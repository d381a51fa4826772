import InpaintingData
import Support
import Tensors

/// Multi-scale test-time augmentation of networks that predict residuals. The residual is the mean of two predictions:
/// one for the pictures, and one for the pictures downsampled by 2 and flipped horizontally, where holes are half as
/// wide.
///
/// The errors of both predictions differ, so that their mean has a smaller error, for a quarter more time and no
/// training. Averaging over scales and flips is usual in segmentation (Zhao et al., 2017, "Pyramid Scene Parsing
/// Network").
enum MultiScaleTest {
  /// The number of scales, 1 or 2: the key `test_scales` of the section `model`.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  static func scales(_ model: JSONReader, start: Start) throws -> Int {
    let scales = try model.integer("test_scales", in: 1...2, default: 1)
    guard scales == 1 || start.predictsResidual else {
      throw model.failure(
        "`test_scales`: 2 averages what is added to a start, expected \"start\": \"harmonic\" or \"patches\", found "
          + "\"published\"")
    }
    return scales
  }

  /// The number of which the pictures' height and width must be multiples, for a network that needs multiples of `own`
  /// at each of `scales` scales.
  static func sizeMultiple(_ own: Int, scales: Int) -> Int { own * scales }

  /// The mean of both scales' predictions in the holes, and `pictures` outside of them: [batch, height, width, 3].
  ///
  /// - Parameters:
  ///   - pictures: The network's raw output for `batch`, [batch, height, width, 3].
  ///   - network: The forward pass. Its raw output must be the initial fill outside of the holes.
  static func pictures(
    _ pictures: Tensor, _ batch: InpaintingBatch, by network: (InpaintingBatch) -> Tensor
  ) -> Tensor {
    let half = batch.halved().flippedHorizontally()
    let added = (AttentionObservation.paused { network(half) } - half.initialPictures).flippedHorizontally()
    let (height, width) = (pictures.shape[1], pictures.shape[2])
    let other = batch.initialPictures + added.resizedBilinear(height: height, width: width) * batch.holes
    return (pictures + other) * 0.5
  }
}

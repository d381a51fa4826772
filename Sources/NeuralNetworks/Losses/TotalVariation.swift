import Tensors

/// The mean absolute difference of pixels side by side plus that of pixels one above the other, where only pairs within
/// a region count: smoothness where a picture was filled (Liu et al., 2018, eq. 6).
///
/// - Parameters:
///   - pictures: [batch, height, width, channels].
///   - region: 1 where pixels count, 0 elsewhere: [batch or 1, height, width, 1]. The means are over all pairs of the
///     picture, not of the region.
package func totalVariation(_ pictures: Tensor, in region: Tensor) -> Tensor {
  precondition(
    pictures.rank == 4 && region.rank == 4 && pictures.shape[1] > 1 && pictures.shape[2] > 1
      && region.shape[1...] == [pictures.shape[1], pictures.shape[2], 1],
    "totalVariation: no pairs of pixels in shape \(pictures.shape) lie in a region of shape \(region.shape)")
  func variation(along axis: Int) -> Tensor {
    let (before, after) = (0..<pictures.shape[axis] - 1, 1..<pictures.shape[axis])
    let pairs = region.sliced(axis: axis, before) * region.sliced(axis: axis, after)
    let differences = pictures.sliced(axis: axis, after) - pictures.sliced(axis: axis, before)
    return (abs(differences) * pairs).mean()
  }
  return variation(along: 2) + variation(along: 1)
}

/// Holes that have grown by one pixel on every side, diagonally too.
///
/// - Parameter holes: 1 where pixels are missing, 0 elsewhere: [batch, height, width, 1].
package func dilated(_ holes: Tensor) -> Tensor {
  clamp(holes.windowSums(kernel: 3, stride: 1, dilation: 1, padding: Padding(1)), 0, 1)
}

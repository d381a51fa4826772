import Tensors

// Errors of filled pictures that look at the missing pixels alone. Each picture counts the same, however large its hole: a
// batch's value is the mean over its pictures, and thus the mean over the parts of a batch.
//
// `x` and `target` are [batch, height, width, channels]; `holes` is 1 where pixels are missing, 0 elsewhere,
// [batch or 1, height, width, 1]. A picture without missing pixels has the error of a perfect one.

/// The mean of |x − target| over the missing pixels.
package func holeMeanAbsoluteError(_ x: Tensor, _ target: Tensor, _ holes: Tensor) -> Tensor {
  meanInHoles(abs(x - target), holes).mean()
}

/// The root of the mean of (x − target)² over the missing pixels: large errors count more than by the mean of |x − target|, and
/// easy and hard pictures pull alike.
///
/// - Parameter floor: What is added to the mean square below the root, whose slope at 0 is infinite.
package func holeRootMeanSquaredError(
  _ x: Tensor, _ target: Tensor, _ holes: Tensor, floor: Scalar = 1e-6
) -> Tensor {
  sqrt(meanInHoles(square(x - target), holes) + floor).mean()
}

/// The natural logarithm of the mean of (x − target)² over the missing pixels: the mean peak signal-to-noise ratio, up to
/// its sign and unit. Large and small errors, easy and hard pictures, pull in the same proportion.
///
/// - Parameter floor: What is added to the mean square before the logarithm, so that a perfect filling has an end to reach.
package func holeLogMeanSquaredError(
  _ x: Tensor, _ target: Tensor, _ holes: Tensor, floor: Scalar = 1e-4
) -> Tensor {
  log(meanInHoles(square(x - target), holes) + floor).mean()
}

/// The mean absolute error of the differences of neighboring pixels: those side by side plus those one above the other,
/// over the pairs with a missing pixel (Mathieu et al., 2016, eq. 6, with α = 1 and signs).
package func holeGradientError(_ x: Tensor, _ target: Tensor, _ holes: Tensor) -> Tensor {
  requirePictures(x, target, holes)
  let error = x - target
  func mean(along axis: Int) -> Tensor {
    let (before, after) = (0..<x.shape[axis] - 1, 1..<x.shape[axis])
    let pairs = maximum(holes.sliced(axis: axis, before), holes.sliced(axis: axis, after))
    return meanInHoles(abs(error.sliced(axis: axis, after) - error.sliced(axis: axis, before)), pairs).mean()
  }
  return mean(along: 2) + mean(along: 1)
}

/// A map's mean over the missing pixels and the channels of each picture, 0 if none is missing: [batch].
func meanInHoles(_ map: Tensor, _ holes: Tensor) -> Tensor {
  requirePictures(map, map, holes)
  let counts = maximum(holes.sum(axes: [1, 2, 3]), Tensor(1)) * Scalar(map.shape[3])
  return ((map * holes).sum(axes: [1, 2, 3]) / counts).reshaped(to: [map.shape[0]])
}

private func requirePictures(_ x: Tensor, _ target: Tensor, _ holes: Tensor) {
  precondition(
    x.rank == 4 && x.shape == target.shape && holes.rank == 4 && [1, x.shape[0]].contains(holes.shape[0])
      && holes.shape[1...] == [x.shape[1], x.shape[2], 1],
    "A hole of shape \(holes.shape) does not fit pictures of shapes \(x.shape) and \(target.shape)")
}

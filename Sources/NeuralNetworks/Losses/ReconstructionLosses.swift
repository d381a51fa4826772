import Foundation
package import Tensors

/// The mean of |x − target| over all elements, known as L1.
package func meanAbsoluteError(_ x: Tensor, _ target: Tensor) -> Tensor {
  precondition(
    x.shape == target.shape, "meanAbsoluteError: shapes \(x.shape) and \(target.shape) differ")
  return abs(x - target).mean()
}

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

/// The weight of errors in a window whose border is known and whose middle is anybody's guess (Yu et al., 2018,
/// section 4.1).
///
/// Pixel (i, j) of a window counts the larger of discount^min(i, height − i) and discount^min(j, width − j): the
/// distances are those that the authors' program takes, one larger to the right and below than to the left and above.
///
/// - Parameter discount: Above 0, at most 1; 1 lets all pixels count the same.
/// - Returns: [1, height, width, 1].
package func spatialDiscount(height: Int, width: Int, discount: Double) -> Tensor {
  precondition(
    discount > 0 && discount <= 1, "spatialDiscount: expected a discount above 0 and at most 1, found \(discount)")
  func distance(_ place: Int, _ size: Int) -> Int { min(place, size - place) }
  return Tensor(shape: [1, height, width, 1]) { elements in
    for row in 0..<height {
      for column in 0..<width {
        let nearest = min(distance(row, height), distance(column, width))
        elements[row * width + column] = Scalar(pow(discount, Double(nearest)))
      }
    }
  }
}

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

import Foundation
package import Tensors

/// The mean of |x − target| over all elements (L1 loss).
package func meanAbsoluteError(_ x: Tensor, _ target: Tensor) -> Tensor {
  precondition(
    x.shape == target.shape, "meanAbsoluteError: shapes \(x.shape) and \(target.shape) differ")
  return abs(x - target).mean()
}

// Errors over the missing pixels of inpainted pictures. Each picture counts the same, however large its hole: the value
// of a batch is the mean over its pictures, and so equals the mean over its micro-batches.
//
// `x` and `target` are [batch, height, width, channels]; `holes` is 1 where pixels are missing, 0 elsewhere,
// [batch or 1, height, width, 1]. A picture without missing pixels has the error of a perfect one.

/// The mean of |x − target| over the missing pixels.
package func holeMeanAbsoluteError(_ x: Tensor, _ target: Tensor, _ holes: Tensor) -> Tensor {
  meanInHoles(abs(x - target), holes).mean()
}

/// The root of the mean of (x − target)² over the missing pixels. Large errors count more than in the mean absolute
/// error, and the norm of a picture's gradient does not depend on the size of its error.
///
/// - Parameter floor: Added to the mean square before the root, whose derivative at 0 is infinite.
package func holeRootMeanSquaredError(
  _ x: Tensor, _ target: Tensor, _ holes: Tensor, floor: Scalar = 1e-6
) -> Tensor {
  sqrt(meanInHoles(square(x - target), holes) + floor).mean()
}

/// The natural logarithm of the mean of (x − target)² over the missing pixels: the mean PSNR up to sign and unit.
/// Reducing the error of any picture by the same ratio counts the same.
///
/// - Parameter floor: Added to the mean square before the logarithm, which bounds the loss from below.
package func holeLogMeanSquaredError(
  _ x: Tensor, _ target: Tensor, _ holes: Tensor, floor: Scalar = 1e-4
) -> Tensor {
  log(meanInHoles(square(x - target), holes) + floor).mean()
}

/// The mean absolute error of the differences of adjacent pixels, horizontally plus vertically, over the pairs with a
/// missing pixel (Mathieu et al., 2016, eq. 6, with α = 1 and signed differences).
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

/// The mean of a map over the missing pixels and the channels of each picture, 0 if none is missing: [batch].
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

/// The weights of the spatially discounted reconstruction loss: errors in the middle of a hole window, which its
/// context determines least, count less (Yu et al., 2018, section 4.1).
///
/// Pixel (i, j) of a window has the weight max(discount^min(i, height − i), discount^min(j, width − j)). The distances
/// are those of the authors' code, one larger to the right and bottom than to the left and top.
///
/// - Parameter discount: The discount per pixel, above 0 and at most 1; with 1, all weights are 1.
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

/// The total variation within a region: the mean absolute difference of horizontally adjacent pixels plus that of
/// vertically adjacent ones, where only pairs inside the region count (Liu et al., 2018, eq. 6).
///
/// - Parameters:
///   - pictures: [batch, height, width, channels].
///   - region: 1 inside the region, 0 elsewhere: [batch or 1, height, width, 1]. The means are over all pairs of the
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

/// Dilates holes by one pixel on every side, diagonally too.
///
/// - Parameter holes: 1 where pixels are missing, 0 elsewhere: [batch, height, width, 1].
package func dilated(_ holes: Tensor) -> Tensor {
  clamp(holes.windowSums(kernel: 3, stride: 1, dilation: 1, padding: Padding(1)), 0, 1)
}

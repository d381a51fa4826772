import Tensors

/// Fills each hole with the mean color of the picture's known pixels: the least that a network must beat.
///
/// - Parameters:
///   - images: [batch, height, width, channels].
///   - holes: [batch or 1, height, width, 1], 1 where pixels are missing.
/// - Returns: The images with their holes filled; mid-gray (0) where nothing is known.
package func meanColorFill(_ images: Tensor, holes: Tensor) -> Tensor {
  let known = 1 - holes
  let count = maximum(known.sum(axes: [1, 2]), Tensor(1))
  let mean = (images * known).sum(axes: [1, 2]) / count
  return images * known + mean * holes
}

import Foundation
package import Tensors

/// One minus the structural similarity (SSIM) of inpainted pictures and the originals, averaged over the missing
/// pixels, the channels, and then the pictures (Wang et al., 2004, eq. 13): 0 for equal pictures, at most 2.
///
/// A Gaussian window of 11 x 11 with standard deviation 1.5, K1 = 0.01, K2 = 0.03, population variances, symmetric
/// padding, and a data range of 2.
///
/// - Parameters:
///   - x, target: [batch, height, width, channels] in −1...1.
///   - holes: 1 where pixels are missing, 0 elsewhere: [batch or 1, height, width, 1].
/// - Precondition: Height and width are at least 5, the window's radius.
package func structuralDissimilarity(_ x: Tensor, _ target: Tensor, _ holes: Tensor) -> Tensor {
  precondition(
    x.rank == 4 && x.shape == target.shape && min(x.shape[1], x.shape[2]) >= windowRadius,
    "structuralDissimilarity: expected equal shapes of height and width at least \(windowRadius), found \(x.shape) and "
      + "\(target.shape)")
  let rows = windowMatrix(x.shape[1])
  let columns = x.shape[1] == x.shape[2] ? rows : windowMatrix(x.shape[2])
  func mean(_ planes: Tensor) -> Tensor { matmul(matmul(rows, planes), columns, transposeRight: true) }
  // Matrices of one channel each, in 0...1.
  func planes(_ pictures: Tensor) -> Tensor { (pictures.permuted([0, 3, 1, 2]) + 1) / 2 }
  let (x, target) = (planes(x), planes(target))
  let (meanX, meanTarget) = (mean(x), mean(target))
  let (squareX, squareTarget, product) = (square(meanX), square(meanTarget), meanX * meanTarget)
  let variances = mean(square(x)) + mean(square(target)) - squareX - squareTarget
  let covariance = mean(x * target) - product
  let (c1, c2): (Scalar, Scalar) = (0.01 * 0.01, 0.03 * 0.03)
  let similarity =
    (2 * product + c1) * (2 * covariance + c2) / ((squareX + squareTarget + c1) * (variances + c2))
  return meanInHoles((1 - similarity).permuted([0, 2, 3, 1]), holes).mean()
}

private let windowRadius = 5

/// The matrix of the window's weighted average along one axis, [length, length]: row i holds the weights of output
/// pixel i.
private func windowMatrix(_ length: Int) -> Tensor {
  let weights = (-windowRadius...windowRadius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
  let sum = weights.reduce(0, +)
  return Tensor(shape: [length, length]) { elements in
    elements.initialize(repeating: 0)
    for pixel in 0..<length {
      for (tap, weight) in weights.enumerated() {
        let position = pixel + tap - windowRadius
        let mirrored = position < 0 ? -1 - position : position >= length ? 2 * length - 1 - position : position
        elements[pixel * length + mirrored] += Scalar(weight / sum)
      }
    }
  }
}

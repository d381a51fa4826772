import Tensors

/// The divisor of the patches that are searched, so that long ones do not win for their length alone.
package enum PatchLength: String, CaseIterable, Sendable {
  /// max(‖patch‖, 1e-4), as Yu et al. (2018) published it.
  case floored
  /// √Σ(x² + 1e-4), a small number for each of a patch's elements: as in PyTorch ports.
  case offset

  private static let smallest: Scalar = 1e-4

  /// The lengths of all 3x3 patches, zeros around the pictures included: [batch, height · width, 1].
  ///
  /// - Parameter pictures: [batch, height, width, channels].
  func lengths(of pictures: Tensor) -> Tensor {
    let squares = square(pictures).sum(axes: [-1]).unfolded(kernel: 3, padding: Padding(1)).sum(axes: [-1])
    return length(ofSquares: squares, count: 9 * pictures.shape[3])
  }

  /// The lengths of patches from the sums of their squares.
  ///
  /// - Parameter count: How many elements a patch has.
  func length(ofSquares squares: Tensor, count: Int) -> Tensor {
    switch self {
    case .floored:
      // The floor is put under the square, as the root has no slope at 0.
      return sqrt(maximum(squares, Tensor(Self.smallest * Self.smallest)))
    case .offset:
      return sqrt(squares + Scalar(count) * Self.smallest)
    }
  }
}

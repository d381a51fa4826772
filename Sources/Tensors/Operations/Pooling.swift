extension Tensor {
  /// The largest of each square of pixels that do not overlap; pixels below and behind the last whole square are left
  /// out. Equal ones share the gradient.
  ///
  /// - Returns: From [batch, height, width, channels]: [batch, height / size, width / size, channels], rounded down.
  package func maximumPooled(by size: Int) -> Tensor {
    precondition(
      rank == 4 && size > 0 && shape[1] >= size && shape[2] >= size,
      "maximumPooled: shape \(shape) has no squares of \(size) pixels")
    let (batch, rows, columns, channels) = (shape[0], shape[1] / size, shape[2] / size, shape[3])
    let isWhole = rows * size == shape[1] && columns * size == shape[2]
    let whole =
      isWhole ? self : sliced([0..<batch, 0..<rows * size, 0..<columns * size, 0..<channels])
    return whole.reshaped(to: [batch, rows, size, columns, size, channels]).maximum(axes: [2, 4])
      .reshaped(to: [batch, rows, columns, channels])
  }
}

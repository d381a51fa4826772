import Kernels

/// The rule that maps output pixels of a bilinear resizing to input positions.
package enum BilinearRule: String, CaseIterable, Sendable {
  /// Pixels are squares, and input and output cover the same rectangle: (i + 1/2) · in / out − 1/2, PyTorch's default.
  case halfPixel = "half_pixel"
  /// Pixels are points, and the corner pixels coincide: i · (in − 1) / (out − 1), PyTorch's `align_corners=True`.
  case alignCorners = "align_corners"

  func places(from size: Int, to newSize: Int) -> [InterpolatedPosition] {
    (0..<newSize).map { index in
      let position =
        switch self {
        case .halfPixel: max(0, (Double(index) + 0.5) * Double(size) / Double(newSize) - 0.5)
        case .alignCorners: newSize > 1 ? Double(index * (size - 1)) / Double(newSize - 1) : 0
        }
      let lower = min(size - 1, Int(position))
      return InterpolatedPosition(
        lower: lower, upper: min(size - 1, lower + 1), fraction: Scalar(position - Double(lower)))
    }
  }
}

extension Tensor {
  /// Bilinear resizing of [batch, height, width, channels] to any size, with edge padding and without antialiasing.
  package func resizedBilinear(height: Int, width: Int, rule: BilinearRule = .halfPixel) -> Tensor {
    precondition(
      rank == 4 && height > 0 && width > 0 && shape[1] > 0 && shape[2] > 0,
      "resizedBilinear: cannot resize shape \(shape) to \(height)x\(width)")
    guard height != shape[1] || width != shape[2] else { return self }
    return interpolated(
      rows: rule.places(from: shape[1], to: height), columns: rule.places(from: shape[2], to: width))
  }

  private func interpolated(rows: [InterpolatedPosition], columns: [InterpolatedPosition]) -> Tensor {
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    return Tensor(shape: [batch, rows.count, columns.count, channels]) { out in
      interpolatePixels(
        batch: batch, height: height, width: width, channels: channels, rows: rows, columns: columns, source,
        into: out.baseAddress!)
    }
    .recorded(
      from: (
        self, { cotangent, _ in cotangent.spread(rows: rows, columns: columns, height: height, width: width) }
      ))
  }

  /// The adjoint of `interpolated`.
  private func spread(rows: [InterpolatedPosition], columns: [InterpolatedPosition], height: Int, width: Int) -> Tensor
  {
    Tensor(shape: [shape[0], height, width, shape[3]]) { out in
      scatterInterpolatedPixels(
        batch: shape[0], height: height, width: width, channels: shape[3], rows: rows, columns: columns, source,
        into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.interpolated(rows: rows, columns: columns) }))
  }
}

import Tensors

/// The zeros that go around a picture before a convolution. Files of weights suit one rule only.
package enum PaddingRule: Hashable, Sendable {
  /// TensorFlow's `SAME`: an output has size / stride pixels, rounded up. If the zeros cannot be halved, the odd one
  /// goes below and behind, so that a 3x3 kernel with stride 2 pads 0 before and 1 after an even size.
  case tensorflowSame
  /// dilation · (kernel − 1) / 2 zeros on every side, rounded down, whatever the stride: PyTorch's habit.
  case symmetric
  /// These zeros, whatever the size.
  case explicit(Padding)

  /// The zeros for pictures of this size.
  package func padding(height: Int, width: Int, kernel: Int, stride: Int, dilation: Int) -> Padding {
    switch self {
    case .tensorflowSame:
      let (top, bottom) = same(height, kernel, stride, dilation)
      let (left, right) = same(width, kernel, stride, dilation)
      return Padding(top: top, bottom: bottom, left: left, right: right)
    case .symmetric: return Padding(dilation * (kernel - 1) / 2)
    case .explicit(let padding): return padding
    }
  }

  private func same(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> (before: Int, after: Int) {
    let outputs = (size + stride - 1) / stride
    let total = max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return (total / 2, total - total / 2)
  }
}

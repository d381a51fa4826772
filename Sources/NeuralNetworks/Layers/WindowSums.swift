import Tensors

extension Tensor {
  /// The sum over each window of a plane, exact where the plane has whole numbers; first along rows, then along columns.
  /// No gradient flows through it.
  ///
  /// - Parameters:
  ///   - kernel: The height and width of the windows.
  ///   - padding: Zeros on each side.
  /// - Returns: From [batch, height, width, 1]: [batch, output height, output width, 1].
  func windowSums(kernel: Int, stride: Int, dilation: Int, padding: Padding) -> Tensor {
    precondition(rank == 4 && shape[3] == 1, "windowSums: expected [batch, height, width, 1], found \(shape)")
    let (batch, height, width) = (shape[0], shape[1], shape[2])
    let reach = dilation * (kernel - 1) + 1
    let rows = (height + padding.top + padding.bottom - reach) / stride + 1
    let columns = (width + padding.left + padding.right - reach) / stride + 1
    let alongRows = sums(
      lines: batch * height, count: width, step: 1, outputs: columns, from: -padding.left, kernel: kernel,
      stride: stride, dilation: dilation)
    let sums = alongRows.reshaped(to: [batch, height, columns]).sums(
      lines: batch, count: height, step: columns, outputs: rows, from: -padding.top, kernel: kernel, stride: stride,
      dilation: dilation)
    return sums.reshaped(to: [batch, rows, columns, 1])
  }

  /// Sums along the middle axis of [lines, count, step].
  private func sums(
    lines: Int, count: Int, step: Int, outputs: Int, from first: Int, kernel: Int, stride: Int, dilation: Int
  ) -> Tensor {
    Tensor(shape: [lines, outputs, step]) { out in
      out.initialize(repeating: 0)
      withElements { elements in
        guard let source = elements.baseAddress, let target = out.baseAddress else { return }
        for line in 0..<lines {
          for output in 0..<outputs {
            let sum = target + (line * outputs + output) * step
            for tap in 0..<kernel {
              let place = first + output * stride + tap * dilation
              guard place >= 0, place < count else { continue }
              let values = source + (line * count + place) * step
              for offset in 0..<step { sum[offset] += values[offset] }
            }
          }
        }
      }
    }
  }
}

import Kernels

/// The rule is an argument of the kernel, and named here so that layers need not know kernels.
package typealias PartialConvolutionRule = Kernels.PartialConvolutionRule

extension Tensor {
  /// The sum over each window of a plane, exact where the plane has whole numbers; first along rows, then along columns.
  /// No gradient flows through it.
  ///
  /// - Parameters:
  ///   - kernel: The height and width of the windows.
  ///   - padding: Zeros on each side.
  /// - Returns: From [batch, height, width, 1]: [batch, output height, output width, 1].
  package func windowSums(kernel: Int, stride: Int, dilation: Int, padding: Padding) -> Tensor {
    precondition(rank == 4 && shape[3] == 1, "windowSums: expected [batch, height, width, 1], found \(shape)")
    let (batch, height, width) = (shape[0], shape[1], shape[2])
    let reach = dilation * (kernel - 1) + 1
    let rows = (height + padding.top + padding.bottom - reach) / stride + 1
    let columns = (width + padding.left + padding.right - reach) / stride + 1
    func sums(_ x: Tensor, lines: Int, count: Int, step: Int, outputs: Int, from first: Int) -> Tensor {
      Tensor(shape: [lines, outputs, step]) { out in
        withExtendedLifetime(x) {
          Kernels.windowSums(
            lines: lines, count: count, step: step, outputs: outputs, from: first, kernel: kernel, stride: stride,
            dilation: dilation, x.source, into: out.baseAddress!)
        }
      }
    }
    let alongRows = sums(self, lines: batch * height, count: width, step: 1, outputs: columns, from: -padding.left)
    let all = sums(alongRows, lines: batch, count: height, step: columns, outputs: rows, from: -padding.top)
    return all.reshaped(to: [batch, rows, columns, 1])
  }

  /// From sums of known over windows: what the windows' products are multiplied by, and where the result is known. No
  /// gradient flows through it.
  ///
  /// - Parameter full: The sum of a window that is known everywhere.
  package func partialConvolutionFactors(
    by rule: PartialConvolutionRule, full: Int
  ) -> (factors: Tensor, known: Tensor) {
    let known = Storage(count: count)
    let factors = Tensor(shape: shape) { out in
      withExtendedLifetime(self) {
        Kernels.partialConvolutionFactors(
          rule, count, full: Scalar(full), sums: source, into: out.baseAddress!, known: known.pointer)
      }
    }
    return (factors, Tensor(shape: shape, storage: known))
  }
}

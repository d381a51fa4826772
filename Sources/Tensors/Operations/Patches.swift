package import Kernels

extension Tensor {
  /// im2col: the windows of feature maps as rows of a matrix.
  ///
  /// - Parameter padding: Zeros on each side.
  /// - Returns: From [batch, height, width, channels]: [batch, windows, kernel · kernel · channels], windows in
  ///   row-major order, each ordered kernel row, kernel column, channel.
  package func unfolded(kernel: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .none) -> Tensor {
    precondition(rank == 4, "unfolded: expected [batch, height, width, channels], found shape \(shape)")
    return unfolded(patchGeometry(shape, kernel, stride, dilation, padding))
  }

  /// col2im, the adjoint of `unfolded`: adds windows to the pixels that `unfolded` reads them from. Overlaps add up.
  ///
  /// - Parameter pictures: The shape of the result, [batch, height, width, channels].
  package func folded(
    to pictures: Shape, kernel: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .none
  ) -> Tensor {
    precondition(pictures.count == 4, "folded: expected [batch, height, width, channels], found \(pictures)")
    let geometry = patchGeometry(pictures, kernel, stride, dilation, padding)
    precondition(
      shape == geometry.patchShape, "folded: expected patches of shape \(geometry.patchShape), found \(shape)")
    return folded(geometry)
  }

  private func unfolded(_ geometry: ConvolutionGeometry) -> Tensor {
    Tensor(shape: geometry.patchShape) { out in unfold(geometry, x: source, into: out.baseAddress!) }
      .recorded(from: (self, { cotangent, _ in cotangent.folded(geometry) }))
  }

  private func folded(_ geometry: ConvolutionGeometry) -> Tensor {
    Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
      fold(geometry, patches: source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.unfolded(geometry) }))
  }
}

private func patchGeometry(
  _ shape: Shape, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Padding
) -> ConvolutionGeometry {
  let geometry = ConvolutionGeometry(
    batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], filters: 1, kernelHeight: kernel,
    kernelWidth: kernel, stride: stride, dilation: dilation, padding: padding)
  precondition(
    kernel > 0 && stride > 0 && dilation > 0 && geometry.outputHeight > 0 && geometry.outputWidth > 0,
    "patches: shape \(shape) has no windows of size \(kernel) with dilation \(dilation) and \(padding)")
  return geometry
}

extension ConvolutionGeometry {
  fileprivate var patchShape: Shape {
    [batch, outputHeight * outputWidth, kernelHeight * kernelWidth * channels]
  }
}

/// The kernels' type, named here so that layers need not import kernels.
package typealias PartialConvolutionRule = Kernels.PartialConvolutionRule

extension Tensor {
  /// The sum over each window of a plane, first along rows, then along columns; exact for integers. No gradient flows
  /// through it.
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

  /// The renormalization factors of a partial convolution, and where its output is known, from the sums of `known` over
  /// the windows. No gradient flows through them.
  ///
  /// - Parameter full: The sum over a window that is known everywhere.
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

import Kernels

extension Tensor {
  /// The windows of pictures as rows of a matrix.
  ///
  /// - Parameter padding: Zeros on each side.
  /// - Returns: From [batch, height, width, channels]: [batch, windows, kernel · kernel · channels], windows row by row,
  ///   each ordered kernel row, kernel column, channel.
  package func unfolded(kernel: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .none) -> Tensor {
    precondition(rank == 4, "unfolded: expected [batch, height, width, channels], found shape \(shape)")
    return unfolded(patchGeometry(shape, kernel, stride, dilation, padding))
  }

  /// Adds windows back to where `unfolded` reads them: its adjoint. Overlaps add up.
  ///
  /// - Parameter pictures: The shape [batch, height, width, channels] of the result.
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

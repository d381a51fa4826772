import Kernels

extension Tensor {
  /// Max pooling over square windows. The maximum of a window with a NaN is NaN.
  ///
  /// At a tie, the gradient goes to the first maximum of the window in row-major order, as in PyTorch. The pullback
  /// saves the input and finds the indices of the maxima in the backward pass.
  ///
  /// - Parameters:
  ///   - kernel: The height and width of a window.
  ///   - stride: `kernel` if nil, so that windows do not overlap. Pixels beyond the last window are dropped.
  ///   - padding: Pixels on each side, fewer than the kernel has, that are never the maximum.
  /// - Returns: From [batch, height, width, channels]: [batch, output height, output width, channels], where an output
  ///   size is (size + padding − kernel) / stride + 1, rounded down.
  package func maxPool(kernel: Int, stride: Int? = nil, padding: Padding = .none) -> Tensor {
    maxPool(kernelHeight: kernel, kernelWidth: kernel, stride: stride ?? kernel, padding: padding)
  }

  /// Max pooling over rectangular windows.
  package func maxPool(kernelHeight: Int, kernelWidth: Int, stride: Int = 1, padding: Padding = .none) -> Tensor {
    precondition(rank == 4 && count > 0, "maxPool: expected [batch, height, width, channels], found \(shape)")
    precondition(
      kernelHeight > 0 && kernelWidth > 0 && stride > 0,
      "maxPool: kernel (\(kernelHeight)x\(kernelWidth)) and stride (\(stride)) must be positive")
    precondition(
      [padding.top, padding.bottom].allSatisfy { (0..<kernelHeight).contains($0) }
        && [padding.left, padding.right].allSatisfy { (0..<kernelWidth).contains($0) }
        && shape[1] + padding.top + padding.bottom >= kernelHeight
        && shape[2] + padding.left + padding.right >= kernelWidth,
      "maxPool: shape \(shape) with \(padding) has no windows of \(kernelHeight)x\(kernelWidth) with a pixel each")
    let geometry = ConvolutionGeometry(
      batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], filters: shape[3],
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, dilation: 1, padding: padding)
    let saved = SavedTensor(self)
    return Tensor(shape: geometry.pooledShape) { Kernels.maxPool(geometry, source, into: $0.baseAddress!) }
      .recorded(
        from: (
          self,
          { cotangent, _ in cotangent.scattered(to: geometry, saved.value.indicesOfMaxima(in: geometry)) }
        ))
  }

  /// The index of each maximum in its window, kernel row · kernel width + kernel column; no gradient.
  private func indicesOfMaxima(in geometry: ConvolutionGeometry) -> Tensor {
    Tensor(shape: geometry.pooledShape) { maxPoolIndices(geometry, source, into: $0.baseAddress!) }
  }

  /// Scatters one value per window to the position given, among zeros: the adjoint of `gathered`.
  private func scattered(to geometry: ConvolutionGeometry, _ positions: Tensor) -> Tensor {
    Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
      scatterToWindows(geometry, positions: positions.source, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.gathered(from: geometry, positions) }))
  }

  /// Gathers the value at one position of each window.
  private func gathered(from geometry: ConvolutionGeometry, _ positions: Tensor) -> Tensor {
    Tensor(shape: geometry.pooledShape) { out in
      gatherFromWindows(geometry, positions: positions.source, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.scattered(to: geometry, positions) }))
  }
}

extension ConvolutionGeometry {
  fileprivate var pooledShape: Shape { [batch, outputHeight, outputWidth, channels] }
}

import Kernels

extension Tensor {
  /// The largest of each square window in each channel; windows may overlap. The gradient goes to the first of equal
  /// ones, row by row, as in PyTorch. NaN stays NaN.
  ///
  /// - Parameters:
  ///   - kernel: The height and width of a window.
  ///   - padding: Places on each side, fewer than the kernel has, that are never the largest.
  /// - Returns: From [batch, height, width, channels]: [batch, output height, output width, channels], where an output
  ///   size is (size + padding − kernel) / stride + 1, rounded down.
  package func maximumPooled(kernel: Int, stride: Int, padding: Padding = .none) -> Tensor {
    maximumPooled(kernelHeight: kernel, kernelWidth: kernel, stride: stride, padding: padding)
  }

  /// The same with windows that need not be squares.
  package func maximumPooled(
    kernelHeight: Int, kernelWidth: Int, stride: Int = 1, padding: Padding = .none
  ) -> Tensor {
    precondition(rank == 4 && count > 0, "maximumPooled: expected [batch, height, width, channels], found \(shape)")
    precondition(
      kernelHeight > 0 && kernelWidth > 0 && stride > 0,
      "maximumPooled: kernel (\(kernelHeight)x\(kernelWidth)) and stride (\(stride)) must be positive")
    precondition(
      [padding.top, padding.bottom].allSatisfy { (0..<kernelHeight).contains($0) }
        && [padding.left, padding.right].allSatisfy { (0..<kernelWidth).contains($0) }
        && shape[1] + padding.top + padding.bottom >= kernelHeight
        && shape[2] + padding.left + padding.right >= kernelWidth,
      "maximumPooled: shape \(shape) with \(padding) has no windows of \(kernelHeight)x\(kernelWidth) with a pixel each"
    )
    return maximum(
      ofWindows: ConvolutionGeometry(
        batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], filters: shape[3],
        kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, dilation: 1, padding: padding))
  }

  private func maximum(ofWindows geometry: ConvolutionGeometry) -> Tensor {
    var places: [Int32] = []
    return Tensor(shape: geometry.pooledShape) { out in
      places = [Int32](unsafeUninitializedCapacity: out.count) { places, initialized in
        maximaOfWindows(geometry, source, into: out.baseAddress!, places: places.baseAddress!)
        initialized = out.count
      }
    }
    .recorded(from: (self, { [places] cotangent, _ in cotangent.returned(to: geometry, places) }))
  }

  /// Zeros but for one place of each window: the adjoint of `picked`.
  private func returned(to geometry: ConvolutionGeometry, _ places: [Int32]) -> Tensor {
    Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
      returnToWindows(geometry, places: places, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.picked(from: geometry, places) }))
  }

  /// One place of each window.
  private func picked(from geometry: ConvolutionGeometry, _ places: [Int32]) -> Tensor {
    Tensor(shape: geometry.pooledShape) { out in
      pickFromWindows(geometry, places: places, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.returned(to: geometry, places) }))
  }
}

extension ConvolutionGeometry {
  fileprivate var pooledShape: Shape { [batch, outputHeight, outputWidth, channels] }
}

import Kernels

extension Tensor {
  /// Average pooling over square windows. Padding does not count: a window at the border is the mean of its pixels
  /// inside the feature map, as in TensorFlow (`count_include_pad=False` in PyTorch).
  ///
  /// - Parameters:
  ///   - kernel: The height and width of a window.
  ///   - stride: `kernel` if nil, so that windows do not overlap. Pixels beyond the last window are dropped.
  ///   - padding: Pixels on each side, fewer than the kernel has.
  /// - Returns: From [batch, height, width, channels]: [batch, output height, output width, channels], where an output
  ///   size is (size + padding − kernel) / stride + 1, rounded down.
  package func averagePool(kernel: Int, stride: Int? = nil, padding: Padding = .none) -> Tensor {
    precondition(rank == 4 && count > 0, "averagePool: expected [batch, height, width, channels], found \(shape)")
    let stride = stride ?? kernel
    precondition(
      kernel > 0 && stride > 0, "averagePool: kernel (\(kernel)) and stride (\(stride)) must be positive")
    precondition(
      [padding.top, padding.bottom, padding.left, padding.right].allSatisfy { (0..<kernel).contains($0) }
        && shape[1] + padding.top + padding.bottom >= kernel && shape[2] + padding.left + padding.right >= kernel,
      "averagePool: shape \(shape) with \(padding) has no windows of \(kernel)x\(kernel) with a pixel each")
    return averaged(
      ConvolutionGeometry(
        batch: shape[0], height: shape[1], width: shape[2], channels: shape[3], filters: shape[3],
        kernelHeight: kernel, kernelWidth: kernel, stride: stride, dilation: 1, padding: padding))
  }

  private func averaged(_ geometry: ConvolutionGeometry) -> Tensor {
    Tensor(shape: [geometry.batch, geometry.outputHeight, geometry.outputWidth, geometry.channels]) { out in
      Kernels.averagePool(geometry, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.spread(over: geometry) }))
  }

  /// The adjoint of `averaged`.
  private func spread(over geometry: ConvolutionGeometry) -> Tensor {
    Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
      scatterAverages(geometry, source, into: out.baseAddress!)
    }
    .recorded(from: (self, { cotangent, _ in cotangent.averaged(geometry) }))
  }
}

extension Tensor {
  /// Adaptive average pooling to rows x columns bins, whatever the input's size. Bin i of n covers the pixels from
  /// ⌊i · size / n⌋ to before ⌈(i + 1) · size / n⌉, so bins overlap if n does not divide the size.
  ///
  /// - Returns: From [batch, height, width, channels]: [batch, rows, columns, channels].
  package func adaptiveAveragePool(rows: Int, columns: Int) -> Tensor {
    precondition(
      rank == 4 && count > 0 && rows > 0 && columns > 0,
      "adaptiveAveragePool: cannot pool shape \(shape) to \(rows)x\(columns)")
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let lines = matmul(shares(of: rows, in: height), reshaped(to: [batch, height, width * channels]))
    return matmul(shares(of: columns, in: width), lines.reshaped(to: [batch * rows, width, channels]))
      .reshaped(to: [batch, rows, columns, channels])
  }
}

/// The weight of each pixel in each bin's mean, [bins, size].
private func shares(of bins: Int, in size: Int) -> Tensor {
  Tensor(shape: [bins, size]) { elements in
    elements.update(repeating: 0)
    for bin in 0..<bins {
      let pixels = bin * size / bins..<((bin + 1) * size + bins - 1) / bins
      for pixel in pixels { elements[bin * size + pixel] = 1 / Scalar(pixels.count) }
    }
  }
}

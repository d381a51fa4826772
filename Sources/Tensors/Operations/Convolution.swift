import Kernels

public typealias Padding = Kernels.Padding
public typealias ConvolutionGeometry = Kernels.ConvolutionGeometry

/// The cross-correlation of pictures with a filter, as every deep-learning library means by convolution.
///
/// The three operations here, the convolution and its gradients in either argument, are each other's rules, so they can
/// be differentiated any number of times.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - filter: [kernel height, kernel width, channels, filters].
///   - bias: [filters].
///   - padding: Zeros on each side.
/// - Returns: [batch, output height, output width, filters], where an output size is
///   (size + padding − dilation · (kernel − 1) − 1) / stride + 1, rounded down.
public func convolve(
  _ x: Tensor, _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, dilation: Int = 1, padding: Padding = .none
) -> Tensor {
  precondition(
    x.rank == 4 && filter.rank == 4 && x.shape[3] == filter.shape[2],
    "convolve: pictures of shape \(x.shape) and a filter of shape \(filter.shape) do not fit together")
  precondition(
    bias.map { $0.shape == [filter.shape[3]] } ?? true,
    "convolve: expected a bias of shape [\(filter.shape[3])], found \(bias?.shape ?? [])")
  precondition(
    x.count > 0 && filter.count > 0, "convolve: the shapes \(x.shape) and \(filter.shape) have no elements")
  precondition(stride > 0 && dilation > 0, "convolve: stride (\(stride)) and dilation (\(dilation)) must be positive")
  let geometry = ConvolutionGeometry(
    batch: x.shape[0], height: x.shape[1], width: x.shape[2], channels: x.shape[3], filters: filter.shape[3],
    kernelHeight: filter.shape[0], kernelWidth: filter.shape[1], stride: stride, dilation: dilation, padding: padding)
  precondition(
    x.shape[1] + padding.top + padding.bottom > dilation * (filter.shape[0] - 1)
      && x.shape[2] + padding.left + padding.right > dilation * (filter.shape[1] - 1),
    "convolve: pictures of shape \(x.shape) with \(padding) are smaller than a filter of shape \(filter.shape) with "
      + "dilation \(dilation)")
  return convolution(geometry, x, filter, bias)
}

private func convolution(_ geometry: ConvolutionGeometry, _ x: Tensor, _ filter: Tensor, _ bias: Tensor?) -> Tensor {
  var inputs: [(Tensor, Pullback)] = [
    (x, { cotangent, _ in inputGradient(geometry, cotangent, filter) }),
    (filter, { cotangent, _ in filterGradient(geometry, x, cotangent) }),
  ]
  if let bias {
    inputs.append((bias, { cotangent, _ in cotangent.sum(axes: [0, 1, 2]).reshaped(to: bias.shape) }))
  }
  return Tensor(shape: [geometry.batch, geometry.outputHeight, geometry.outputWidth, geometry.filters]) { out in
    Kernels.convolve(geometry, x: x.source, w: filter.source, bias: bias?.source, into: out.baseAddress!)
  }
  .recorded(from: inputs)
}

private func inputGradient(_ geometry: ConvolutionGeometry, _ cotangent: Tensor, _ filter: Tensor) -> Tensor {
  Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
    convolveInputGradient(geometry, cotangent: cotangent.source, w: filter.source, into: out.baseAddress!)
  }
  .recorded(
    from: (cotangent, { outer, _ in convolution(geometry, outer, filter, nil) }),
    (filter, { outer, _ in filterGradient(geometry, outer, cotangent) }))
}

private func filterGradient(_ geometry: ConvolutionGeometry, _ x: Tensor, _ cotangent: Tensor) -> Tensor {
  Tensor(shape: [geometry.kernelHeight, geometry.kernelWidth, geometry.channels, geometry.filters]) { out in
    convolveFilterGradient(geometry, x: x.source, cotangent: cotangent.source, into: out.baseAddress!)
  }
  .recorded(
    from: (x, { outer, _ in inputGradient(geometry, cotangent, outer) }),
    (cotangent, { outer, _ in convolution(geometry, x, outer, nil) }))
}

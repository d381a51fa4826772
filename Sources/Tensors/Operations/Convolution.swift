package import Kernels

package typealias Padding = Kernels.Padding
package typealias ConvolutionGeometry = Kernels.ConvolutionGeometry

/// A 2-d convolution (cross-correlation).
///
/// The three operations here, the convolution and its two gradients, are each other's pullbacks, so they can be
/// differentiated any number of times.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - filter: [kernel height, kernel width, channels, filters].
///   - bias: [filters].
///   - kept: The `filterCache` of the parameter whose value is `filter`, a cache for inference; nil for none.
///   - activation: Applied while the output is in the cache: identity, ReLU, leaky ReLU or ELU.
///   - padding: Zeros on each side.
///   - upsampling: The factor of nearest-neighbor upsampling before the convolution. Where possible, the convolution is
///     computed from the small input, and the upsampled one never exists.
/// - Returns: [batch, output height, output width, filters], where an output size is
///   (size · upsampling + padding − dilation · (kernel − 1) − 1) / stride + 1, rounded down.
package func convolve(
  _ x: Tensor, _ filter: Tensor, kept: TransformedFilters? = nil, bias: Tensor? = nil,
  activation: Activation = .identity, stride: Int = 1, dilation: Int = 1, padding: Padding = .none,
  upsampling: Int = 1
) -> Tensor {
  activation.requireFusible("convolve")
  let geometry = ConvolutionGeometry(
    "convolve", x, filter, bias, stride: stride, dilation: dilation, padding: padding, upsampling: upsampling)
  if geometry.needsUpsampling {
    return convolve(
      x.upsampledNearest(by: upsampling), filter, kept: kept, bias: bias, activation: activation, stride: stride,
      dilation: dilation, padding: padding)
  }
  return convolution(geometry, x, filter, kept: kept, bias, activation)
}

extension ConvolutionGeometry {
  /// - Parameter operation: The operation's name, for messages.
  init(
    _ operation: String, _ x: Tensor, _ filter: Tensor, _ bias: Tensor?, stride: Int, dilation: Int, padding: Padding,
    upsampling: Int
  ) {
    precondition(
      x.rank == 4 && filter.rank == 4 && x.shape[3] == filter.shape[2],
      "\(operation): pictures of shape \(x.shape) and a filter of shape \(filter.shape) do not fit together")
    precondition(
      bias.map { $0.shape == [filter.shape[3]] } ?? true,
      "\(operation): expected a bias of shape [\(filter.shape[3])], found \(bias?.shape ?? [])")
    precondition(
      x.count > 0 && filter.count > 0, "\(operation): the shapes \(x.shape) and \(filter.shape) have no elements")
    precondition(
      stride > 0 && dilation > 0 && upsampling > 0,
      "\(operation): stride (\(stride)), dilation (\(dilation)) and upsampling (\(upsampling)) must be positive")
    self.init(
      batch: x.shape[0], height: x.shape[1], width: x.shape[2], channels: x.shape[3], filters: filter.shape[3],
      kernelHeight: filter.shape[0], kernelWidth: filter.shape[1], stride: stride, dilation: dilation, padding: padding,
      upsampling: upsampling)
    precondition(
      x.shape[1] * upsampling + padding.top + padding.bottom > dilation * (filter.shape[0] - 1)
        && x.shape[2] * upsampling + padding.left + padding.right > dilation * (filter.shape[1] - 1),
      "\(operation): pictures of shape \(x.shape) with \(padding) are smaller than a filter of shape \(filter.shape) with "
        + "dilation \(dilation)")
  }

  /// True if the input must be upsampled before the convolution.
  var needsUpsampling: Bool { upsampling > 1 && !ConvolutionMethod.fusesUpsampling(self) }

  var outputShape: Shape { [batch, outputHeight, outputWidth, filters] }
}

private func convolution(
  _ geometry: ConvolutionGeometry, _ x: Tensor, _ filter: Tensor, kept: TransformedFilters? = nil, _ bias: Tensor?,
  _ activation: Activation = .identity
) -> Tensor {
  let out = Tensor(shape: geometry.outputShape) { out in
    ConvolutionCensus.observe(.forward, geometry) {
      Kernels.convolve(
        geometry, x: x.source, w: filter.source, bias: bias?.source, activation: activation,
        transformed: kept, into: out.baseAddress!)
    }
  }
  // The input of the activation exists nowhere: no pullback uses it.
  let sums = out.recorded(from: convolutionRules(geometry, x, filter, bias))
  return out.recordedActivation(activation, of: sums)
}

/// The pullbacks of a convolution for its inputs.
func convolutionRules(
  _ geometry: ConvolutionGeometry, _ x: Tensor, _ filter: Tensor, _ bias: Tensor?
) -> [(Tensor, Pullback)] {
  let saved = SavedTensor(x)
  var rules: [(Tensor, Pullback)] = [
    (x, { cotangent, _ in inputGradient(geometry, cotangent, filter) }),
    (filter, { cotangent, _ in filterGradient(geometry, saved.value, cotangent) }),
  ]
  if let bias {
    rules.append((bias, { cotangent, _ in cotangent.sum(axes: [0, 1, 2]).reshaped(to: bias.shape) }))
  }
  return rules
}

private func inputGradient(_ geometry: ConvolutionGeometry, _ cotangent: Tensor, _ filter: Tensor) -> Tensor {
  Tensor(shape: [geometry.batch, geometry.height, geometry.width, geometry.channels]) { out in
    ConvolutionCensus.observe(.inputGradient, geometry) {
      convolveInputGradient(geometry, cotangent: cotangent.source, w: filter.source, into: out.baseAddress!)
    }
  }
  .recorded(
    from: (cotangent, { outer, _ in convolution(geometry, outer, filter, nil) }),
    (filter, { outer, _ in filterGradient(geometry, outer, cotangent) }))
}

private func filterGradient(_ geometry: ConvolutionGeometry, _ x: Tensor, _ cotangent: Tensor) -> Tensor {
  Tensor(shape: [geometry.kernelHeight, geometry.kernelWidth, geometry.channels, geometry.filters]) { out in
    ConvolutionCensus.observe(.filterGradient, geometry) {
      convolveFilterGradient(geometry, x: x.source, cotangent: cotangent.source, into: out.baseAddress!)
    }
  }
  .recorded(
    from: (x, { outer, _ in inputGradient(geometry, cotangent, outer) }),
    (cotangent, { outer, _ in convolution(geometry, x, outer, nil) }))
}

/// A grouped convolution: each group of channels / groups input channels is convolved to its own group of
/// filters / groups outputs.
///
/// - Parameters:
///   - x: [batch, height, width, channels].
///   - filter: [kernel height, kernel width, channels / groups, filters], the outputs of the first group first.
///   - padding: Zeros on each side.
/// - Returns: [batch, output height, output width, filters], of the size that `convolve` gives without groups.
package func convolve(
  _ x: Tensor, _ filter: Tensor, groups: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .none
) -> Tensor {
  precondition(
    groups > 0 && x.rank == 4 && filter.rank == 4 && x.shape[3] == groups * filter.shape[2]
      && filter.shape[3] % groups == 0,
    "convolve: pictures of shape \(x.shape) and a filter of shape \(filter.shape) do not fit together in \(groups) "
      + "groups")
  guard groups > 1 else { return convolve(x, filter, stride: stride, dilation: dilation, padding: padding) }
  // Recursively in halves, so that the gradient adds slices up log₂(groups) times instead of `groups` times.
  let half = groups / 2
  let (channels, outputs) = (half * filter.shape[2], half * (filter.shape[3] / groups))
  let parts = [
    (0..<channels, 0..<outputs, half),
    (channels..<x.shape[3], outputs..<filter.shape[3], groups - half),
  ].map { channels, outputs, groups in
    convolve(
      x.sliced(axis: 3, channels), filter.sliced(axis: 3, outputs), groups: groups, stride: stride,
      dilation: dilation, padding: padding)
  }
  return concatenate(parts, axis: 3)
}

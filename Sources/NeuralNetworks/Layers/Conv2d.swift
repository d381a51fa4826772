package import Tensors

/// A 2-d convolution with an activation.
///
/// Input [batch, height, width, inputChannels], output [batch, output height, output width, outputChannels]; `weight`
/// is [kernel, kernel, inputChannels, outputChannels], `bias` [outputChannels].
package final class Conv2d: Layer {
  package let weight: Parameter
  package let bias: Parameter?
  /// Divides the weight by its largest singular value; the bias is not normalized.
  package let spectralNorm: SpectralNorm?
  let stride: Int
  let dilation: Int
  let padding: PaddingRule
  let activation: Activation
  let upsampling: Int

  /// - Parameters:
  ///   - kernel: The height and width of the filters.
  ///   - bias: True for a bias per output channel.
  ///   - upsampling: The factor of nearest-neighbor upsampling before the convolution.
  ///   - spectrallyNormalized: True to apply a `SpectralNorm` to the weight.
  package init(
    inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    padding: PaddingRule = .symmetric, bias: Bool = true, activation: Activation = .identity,
    upsampling: Int = 1, spectrallyNormalized: Bool = false, initialization: Initialization
  ) {
    precondition(
      inputChannels > 0 && outputChannels > 0 && kernel > 0 && upsampling > 0,
      "Conv2d \(initialization.name): channels (\(inputChannels), \(outputChannels)), kernel (\(kernel)) and "
        + "upsampling (\(upsampling)) must be positive")
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.activation = activation
    self.upsampling = upsampling
    weight = initialization.weight([kernel, kernel, inputChannels, outputChannels])
    self.bias = bias ? Parameter(.zeros([outputChannels])) : nil
    spectralNorm =
      spectrallyNormalized
      ? SpectralNorm(outputChannels: outputChannels, initialization: initialization["spectralNorm"]) : nil
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let weight = spectralNorm?(self.weight.value) ?? self.weight.value
    precondition(x.rank == 4, "Conv2d: expected [batch, height, width, channels], found shape \(x.shape)")
    let zeros = padding.padding(
      height: x.shape[1] * upsampling, width: x.shape[2] * upsampling, kernel: weight.shape[0], stride: stride,
      dilation: dilation)
    let y = convolve(
      x, weight, kept: spectralNorm == nil ? self.weight.filterCache : nil, bias: bias?.value,
      activation: activation.isFusible ? activation : .identity, stride: stride, dilation: dilation,
      padding: zeros, upsampling: upsampling)
    return activation.isFusible ? y : activation(y)
  }
}

/// The rule for zero padding. Weights work only with the rule they were trained with.
package enum PaddingRule: Hashable, Sendable {
  /// TensorFlow's `SAME`: the output has size / stride pixels, rounded up. An odd zero goes to the bottom and right, so
  /// that a 3x3 kernel with stride 2 pads 0 before and 1 after an even size.
  case tensorflowSame
  /// dilation · (kernel − 1) / 2 zeros on every side, rounded down, whatever the stride, as usual in PyTorch.
  case symmetric
  /// The given padding, whatever the size.
  case explicit(Padding)

  /// The padding for an input of this size.
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

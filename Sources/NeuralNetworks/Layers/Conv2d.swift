import Tensors

/// A convolution of pictures, with an activation.
///
/// Input [batch, height, width, inputChannels], output [batch, output height, output width, outputChannels]; `weight`
/// is [kernel, kernel, inputChannels, outputChannels], `bias` [outputChannels].
package final class Conv2d: Layer {
  package let weight: Parameter
  package let bias: Parameter?
  /// Divides the weight by its largest singular value; the bias is left alone.
  package let spectralNorm: SpectralNorm?
  let stride: Int
  let dilation: Int
  let padding: PaddingRule
  let activation: Activation
  let upsampling: Int

  /// - Parameters:
  ///   - kernel: The height and width of the filters.
  ///   - bias: Whether a number is added to each output channel.
  ///   - upsampling: Every pixel is repeated so many times in both directions before the convolution.
  ///   - spectrallyNormalized: Whether the weight goes through a `SpectralNorm`.
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
      x, weight, kept: spectralNorm == nil ? self.weight.keptFilters : nil, bias: bias?.value,
      activation: activation.isFusible ? activation : .identity, stride: stride, dilation: dilation,
      padding: zeros, upsampling: upsampling)
    return activation.isFusible ? y : activation(y)
  }
}

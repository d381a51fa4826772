package import Tensors

/// A gated convolution: the output is activation(first half) · sigmoid(second half) of the convolution's
/// 2 · outputChannels channels (Yu et al., 2019, eq. 3).
///
/// Input [batch, height, width, inputChannels], output [batch, output height, output width, outputChannels]; `weight`
/// is [kernel, kernel, inputChannels, 2 · outputChannels], `bias` [2 · outputChannels].
package final class GatedConv2d: Layer {
  package let weight: Parameter
  package let bias: Parameter
  let stride: Int
  let dilation: Int
  let padding: PaddingRule
  let activation: Activation
  let upsampling: Int

  /// - Parameters:
  ///   - outputChannels: The number of channels after the gate.
  ///   - activation: The activation of the features, ELU or ReLU.
  ///   - upsampling: The factor of nearest-neighbor upsampling before the convolution.
  package init(
    inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1,
    padding: PaddingRule = .symmetric, activation: Activation, upsampling: Int = 1,
    initialization: Initialization
  ) {
    precondition(
      inputChannels > 0 && outputChannels > 0 && kernel > 0 && upsampling > 0,
      "GatedConv2d \(initialization.name): channels (\(inputChannels), \(outputChannels)), kernel (\(kernel)) and "
        + "upsampling (\(upsampling)) must be positive")
    activation.requireGating("GatedConv2d \(initialization.name)")
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.activation = activation
    self.upsampling = upsampling
    weight = initialization.weight([kernel, kernel, inputChannels, 2 * outputChannels])
    bias = Parameter(.zeros([2 * outputChannels]))
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(x.rank == 4, "GatedConv2d: expected [batch, height, width, channels], found shape \(x.shape)")
    let zeros = padding.padding(
      height: x.shape[1] * upsampling, width: x.shape[2] * upsampling, kernel: weight.shape[0], stride: stride,
      dilation: dilation)
    return convolveGated(
      x, weight.value, kept: weight.filterCache, bias: bias.value, activation: activation, stride: stride,
      dilation: dilation, padding: zeros,
      upsampling: upsampling)
  }
}

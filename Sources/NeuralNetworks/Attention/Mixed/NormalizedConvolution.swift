import Tensors

extension DualAttention {
  /// A 3x3 convolution without bias, batch normalisation and a ReLU.
  ///
  /// Input [batch, height, width, inputs], output [batch, height, width, outputs].
  public final class NormalizedConvolution: Layer {
    public let convolution: Conv2d
    public let normalization: BatchNorm2d

    init(inputs: Int, outputs: Int, initialization: Initialization) {
      convolution = Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 3, bias: false,
        initialization: initialization["convolution"])
      normalization = BatchNorm2d(channels: outputs)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { relu(normalization(convolution(x))) }

    func portedWeights(named name: String) -> [PortedWeight] {
      convolution.portedWeights(named: name + ".0") + normalization.portedWeights(named: name + ".1")
    }
  }
}

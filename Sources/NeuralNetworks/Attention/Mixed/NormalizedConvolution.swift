import Tensors

extension DualAttention {
  /// A 3x3 convolution without bias, batch normalization and a ReLU.
  ///
  /// Input [batch, height, width, inputs], output [batch, height, width, outputs].
  package final class NormalizedConvolution: Layer {
    package let convolution: Conv2d
    package let normalization: BatchNorm2d

    init(inputs: Int, outputs: Int, initialization: Initialization) {
      convolution = Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 3, bias: false,
        initialization: initialization["convolution"])
      normalization = BatchNorm2d(channels: outputs)
    }

    package func callAsFunction(_ x: Tensor) -> Tensor { relu(normalization(convolution(x))) }

    func portedWeights(named name: String) -> [PortedWeight] {
      convolution.portedWeights(named: name + ".0") + normalization.portedWeights(named: name + ".1")
    }
  }
}

import Tensors

/// The spatial half of CBAM: a convolution over two planes, the largest and the mean of the channels at each position,
/// batch normalization and a sigmoid (Woo et al., 2018, eq. 3).
package final class SpatialGate: Module {
  package let convolution: Conv2d
  package let normalization: BatchNorm2d
  private let order: ConvolutionalBlockAttention.PlaneOrder

  init(
    kernel: Int, order: ConvolutionalBlockAttention.PlaneOrder, initZero: Bool, initialization: Initialization
  ) {
    self.order = order
    convolution = Conv2d(
      inputChannels: 2, outputChannels: 1, kernel: kernel, bias: false,
      initialization: initialization["convolution"])
    normalization = BatchNorm2d(channels: 1, momentum: 0.01)
    if initZero { normalization.weight?.assign(.zeros([1])) }
  }

  /// - Parameter x: [batch, height, width, channels].
  /// - Returns: Between 0 and 1, [batch, height, width, 1].
  func weights(of x: Tensor) -> Tensor {
    let (largest, mean) = (x.largestChannel, x.mean(axes: [3]))
    let planes = order == .maximumFirst ? [largest, mean] : [mean, largest]
    return sigmoid(concatenate(planes, axis: 3).through(convolution, normalization))
  }

  func multiplyAdds(height: Int, width: Int) -> Int { convolution.weight.shape.elementCount * height * width }

  func portedWeights(named name: String) -> [PortedWeight] {
    convolution.portedWeights(named: name + ".spatial.conv")
      + normalization.portedWeights(named: name + ".spatial.bn")
  }
}

extension Tensor {
  /// The largest channel of each position, [batch, height, width, 1]; the first of equal ones gets the gradient.
  fileprivate var largestChannel: Tensor {
    reshaped(to: [shape[0], shape[1] * shape[2], shape[3], 1]).maxPool(kernelHeight: 1, kernelWidth: shape[3])
      .reshaped(to: Array(shape.dropLast()) + [1])
  }
}

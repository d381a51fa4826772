import Tensors

/// One reach of a `SelectiveKernel`: a 3x3 convolution in groups and without bias, batch normalization and a ReLU.
///
/// Input and output [batch, height, width, channels]; `weight` is [3, 3, channels / groups, channels].
package final class SelectivePath: AttentionLayer {
  package let weight: Parameter
  package let normalization: BatchNorm2d
  private let groups: Int
  private let dilation: Int

  init(channels: Int, groups: Int, dilation: Int, initialization: Initialization) {
    self.groups = groups
    self.dilation = dilation
    weight = initialization.weight([3, 3, channels / groups, channels])
    normalization = BatchNorm2d(channels: channels)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { relu(normalization(convolved(x))) }

  /// The convolution alone.
  func convolved(_ x: Tensor) -> Tensor {
    convolve(x, weight.value, groups: groups, dilation: dilation, padding: Padding(dilation))
  }

  package func multiplyAdds(height: Int, width: Int) -> Int { weight.shape.elementCount * height * width }

  func portedWeights(named name: String) -> [PortedWeight] {
    [PortedWeight(name + ".conv.weight", weight, .outputsFirst)] + normalization.portedWeights(named: name + ".bn")
  }
}

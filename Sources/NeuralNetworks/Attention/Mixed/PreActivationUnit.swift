import Tensors

/// A residual unit with a bottleneck, activated before its convolutions (He et al., 2016, "Identity Mappings in Deep
/// Residual Networks", figure 4e).
///
/// The input goes three times through batch normalization, a ReLU and a convolution without bias: 1x1 to a quarter of
/// the channels, 3x3, and 1x1 back. The result is added to the input. Input and output [batch, height, width,
/// channels].
package final class PreActivationUnit: AttentionLayer {
  package let normalization1: BatchNorm2d
  package let convolution1: Conv2d
  package let normalization2: BatchNorm2d
  package let convolution2: Conv2d
  package let normalization3: BatchNorm2d
  package let convolution3: Conv2d

  /// - Parameter channels: A multiple of 4.
  init(channels: Int, initialization: Initialization) {
    let narrow = channels / 4
    func convolution(_ inputs: Int, _ outputs: Int, kernel: Int, _ name: String) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, bias: false,
        initialization: initialization[name])
    }
    normalization1 = BatchNorm2d(channels: channels)
    convolution1 = convolution(channels, narrow, kernel: 1, "convolution1")
    normalization2 = BatchNorm2d(channels: narrow)
    convolution2 = convolution(narrow, narrow, kernel: 3, "convolution2")
    normalization3 = BatchNorm2d(channels: narrow)
    convolution3 = convolution(narrow, channels, kernel: 1, "convolution3")
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let narrow = convolution1(relu(normalization1(x)))
    return x + convolution3(relu(normalization3(convolution2(relu(normalization2(narrow))))))
  }

  /// 17 / 16 · C² · N for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let filters = [convolution1, convolution2, convolution3].map(\.weight.shape.elementCount)
    return filters.reduce(0, +) * height * width
  }

  func portedWeights(named name: String) -> [PortedWeight] {
    normalization1.portedWeights(named: name + ".bn1") + convolution1.portedWeights(named: name + ".conv1")
      + normalization2.portedWeights(named: name + ".bn2") + convolution2.portedWeights(named: name + ".conv2")
      + normalization3.portedWeights(named: name + ".bn3") + convolution3.portedWeights(named: name + ".conv3")
  }
}

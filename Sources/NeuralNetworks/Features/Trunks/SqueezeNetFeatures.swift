import Tensors

/// The convolutions of SqueezeNet 1.1 (Iandola et al., 2016, and its authors' later version), as torchvision has them.
/// Weights come from a file.
package final class SqueezeNetFeatures: PerceptualTrunk {
  /// 3x3 with stride 2, without padding.
  let convolution: Conv2d
  /// A max pooling comes before the first, the third and the fifth.
  let fires: [FireModule]

  /// The fire modules' numbers among torchvision's `features`.
  private static let numbers = [3, 4, 6, 7, 9, 10, 11, 12]

  package init(initialization: Initialization) {
    convolution = Conv2d(
      inputChannels: 3, outputChannels: 64, kernel: 3, stride: 2, padding: .explicit(.none), activation: .relu,
      initialization: initialization["convolution"])
    let widths: [(inputs: Int, squeezed: Int, expanded: Int)] = [
      (64, 16, 64), (128, 16, 64), (128, 32, 128), (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256),
      (512, 64, 256),
    ]
    fires = widths.enumerated().map { index, widths in
      FireModule(
        inputs: widths.inputs, squeezed: widths.squeezed, expanded: widths.expanded,
        initialization: initialization["fires"]["\(index)"])
    }
  }

  package var channels: [Int] { [64, 128, 256, 384, 384, 512, 512] }

  package var portedWeights: [PortedWeight] {
    convolution.portedWeights(named: "features.0")
      + zip(fires, Self.numbers).flatMap { $0.portedWeights(named: "features.\($1)") }
  }

  /// After the convolution, after each two fire modules of a size, and after each of the last four.
  package func activations(_ pictures: Tensor) -> [Tensor] {
    var features = [convolution(VGG16Features.normalized(pictures))]
    var x = features[0]
    for (index, fire) in fires.enumerated() {
      x = fire([0, 2, 4].contains(index) ? Self.pooled(x) : x)
      if ![0, 2].contains(index) { features.append(x) }
    }
    return features
  }

  /// Max pooling of 3x3 with stride 2 in which the last window may be cut short, so that no pixel is left out.
  private static func pooled(_ x: Tensor) -> Tensor {
    func missing(_ size: Int) -> Int { (size - 3) % 2 }
    return x.maxPool(
      kernel: 3, stride: 2, padding: Padding(bottom: missing(x.shape[1]), right: missing(x.shape[2])))
  }
}

/// Few channels by a 1x1 convolution, and many by a 1x1 and a 3x3 one side by side, all with ReLU.
final class FireModule: Layer {
  let squeeze: Conv2d
  let expand1x1: Conv2d
  let expand3x3: Conv2d

  init(inputs: Int, squeezed: Int, expanded: Int, initialization: Initialization) {
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, activation: .relu,
        initialization: initialization[name])
    }
    squeeze = convolution("squeeze", inputs, squeezed, 1)
    expand1x1 = convolution("expand1x1", squeezed, expanded, 1)
    expand3x3 = convolution("expand3x3", squeezed, expanded, 3)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let squeezed = squeeze(x)
    return concatenate([expand1x1(squeezed), expand3x3(squeezed)], axis: 3)
  }

  /// The weights as a PyTorch module of this name keeps them.
  func portedWeights(named name: String) -> [PortedWeight] {
    squeeze.portedWeights(named: name + ".squeeze") + expand1x1.portedWeights(named: name + ".expand1x1")
      + expand3x3.portedWeights(named: name + ".expand3x3")
  }
}

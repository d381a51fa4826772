import Tensors

/// The convolutions of AlexNet in one column (Krizhevsky, 2014, "One weird trick for parallelizing convolutional neural
/// networks"), as torchvision has them. Weights come from a file.
package final class AlexNetFeatures: PerceptualTrunk {
  /// Five convolutions with ReLU; a max pooling of 3x3 with stride 2 after the first and the second.
  let convolutions: [Conv2d]

  /// Their numbers among torchvision's `features`.
  private static let numbers = [0, 3, 6, 8, 10]

  package init(initialization: Initialization) {
    let layers: [(inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int)] = [
      (3, 64, 11, 4, 2), (64, 192, 5, 1, 2), (192, 384, 3, 1, 1),
      (384, 256, 3, 1, 1), (256, 256, 3, 1, 1),
    ]
    convolutions = layers.enumerated().map { index, layer in
      Conv2d(
        inputChannels: layer.inputs, outputChannels: layer.outputs, kernel: layer.kernel, stride: layer.stride,
        padding: .explicit(Padding(layer.padding)), activation: .relu,
        initialization: initialization["convolutions"]["\(index)"])
    }
  }

  package var channels: [Int] { convolutions.map { $0.weight.shape[3] } }

  package var portedWeights: [PortedWeight] {
    zip(convolutions, Self.numbers).flatMap { $0.portedWeights(named: "features.\($1)") }
  }

  package func activations(_ pictures: Tensor) -> [Tensor] {
    var x = VGG16Features.normalized(pictures)
    return convolutions.enumerated().map { index, convolution in
      x = convolution(index == 1 || index == 2 ? x.maxPool(kernel: 3, stride: 2) : x)
      return x
    }
  }
}

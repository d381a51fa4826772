import NeuralNetworks
package import Tensors

/// Scores patches of pictures, real ones high: four 4x4 convolutions with stride 2, each followed by instance normalization,
/// the first one too, and a leaky ReLU; then one with stride 1 and without bias (the discriminator of the authors'
/// `networks.py`).
package final class SemanticDiscriminator: Module {
  let conv1, conv2, conv3, conv4: Conv2d
  let score: Conv2d

  /// - Parameter width: The channels of the first convolution; there are twice, four and eight times as many in the next.
  init(width: Int, initialization: Initialization) {
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 4, stride: 2, initialization: initialization[name])
    }
    conv1 = layer("conv1", from: 3, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: 8 * width)
    // One more row above and column to the left, so that there are as many scores as features.
    score = Conv2d(
      inputChannels: 8 * width, outputChannels: 1, kernel: 4,
      padding: .explicit(Padding(top: 2, bottom: 1, left: 2, right: 1)), bias: false,
      initialization: initialization["score"])
  }

  /// - Parameter pictures: [batch, height, width, 3].
  /// - Returns: [batch, height / 16, width / 16, 1], rounded down.
  package func callAsFunction(_ pictures: Tensor) -> Tensor {
    let features = [conv1, conv2, conv3, conv4].reduce(pictures) { x, layer in
      instanceNormalized(layer(x), activation: .leakyReLU(slope: 0.2))
    }
    return score(features)
  }
}

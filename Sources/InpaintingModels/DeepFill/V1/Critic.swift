import NeuralNetworks
import Tensors

/// Scores pictures of one size, real ones high, without a bound (Yu et al., 2018, figure 2, right).
///
/// Four 5x5 convolutions with stride 2, each followed by a leaky ReLU, and a weighted sum of all that is left. The
/// sum's weights are a filter as large as the last features, [size / 16, size / 16, channels, 1].
package final class Critic: Module {
  let conv1, conv2, conv3, conv4: Conv2d
  let score: Conv2d
  private let size: Int

  /// The factor by which the last features are smaller than the pictures.
  static let reduction = 16

  /// - Parameters:
  ///   - size: The pictures' height and width, a multiple of 16.
  ///   - lastChannels: The channels of the last convolution, as a multiple of those of the first.
  package init(
    _ configuration: DeepFillV1Configuration, size: Int, lastChannels: Int, initialization: Initialization
  ) {
    precondition(size > 0 && size % Self.reduction == 0, "Critic: the size \(size) is no multiple of 16")
    self.size = size
    let width = configuration.criticWidth
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 5, stride: 2, padding: configuration.padding.rule,
        activation: .leakyReLU(slope: 0.2), initialization: initialization[name])
    }
    conv1 = layer("conv1", from: 3, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: lastChannels * width)
    score = Conv2d(
      inputChannels: lastChannels * width, outputChannels: 1, kernel: size / Self.reduction,
      padding: .explicit(.none), initialization: initialization["score"])
  }

  /// - Parameter pictures: [batch, size, size, 3].
  /// - Returns: [batch].
  /// - Precondition: The pictures have the size that the critic was made for.
  package func callAsFunction(_ pictures: Tensor) -> Tensor {
    precondition(
      pictures.rank == 4 && pictures.shape[1...] == [size, size, 3],
      "Critic: expected pictures of shape [batch, \(size), \(size), 3], found \(pictures.shape)")
    return pictures.through(conv1, conv2, conv3, conv4, score).reshaped(to: [pictures.shape[0]])
  }
}

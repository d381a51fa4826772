package import NeuralNetworks
package import Tensors

/// The discriminator of SN-PatchGAN, whose scores are all elements of the last layer's output (Yu et al., 2019, section
/// 3.2).
///
/// Six spectrally normalized 5x5 convolutions with stride 2, each followed by a leaky ReLU, the last one too.
package final class PatchDiscriminator: Module {
  let conv1, conv2, conv3, conv4, conv5, conv6: Conv2d

  package init(_ configuration: DeepFillV2Configuration, initialization: Initialization) {
    let width = configuration.discriminatorWidth
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 5, stride: 2, padding: configuration.padding.rule,
        activation: .leakyReLU(slope: 0.2), spectrallyNormalized: true, initialization: initialization[name])
    }
    conv1 = layer("conv1", from: configuration.takesEdges ? 5 : 4, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: 4 * width)
    conv5 = layer("conv5", from: 4 * width, to: 4 * width)
    conv6 = layer("conv6", from: 4 * width, to: 4 * width)
  }

  /// The scores of pictures, high for real ones.
  ///
  /// - Parameters:
  ///   - pictures: [batch, height, width, 3].
  ///   - conditions: The holes and, if the model is guided, the edges inside them, each [batch or 1, height, width, 1],
  ///     which are concatenated with the pictures; a batch of 1 is broadcast.
  /// - Returns: The scores, [batch, rows · columns · channels].
  package func callAsFunction(_ pictures: Tensor, conditions: [Tensor]) -> Tensor {
    Self.scores(of: features(pictures, conditions: conditions))
  }

  /// The outputs of all six layers, [batch, rows, columns, channels] each. The parameters are those of
  /// `callAsFunction`.
  func features(_ pictures: Tensor, conditions: [Tensor]) -> [Tensor] {
    let plane = Array(pictures.shape.dropLast()) + [1]
    var output = concatenate([pictures] + conditions.map { $0.expanded(to: plane) }, axis: -1)
    return [conv1, conv2, conv3, conv4, conv5, conv6].map { layer in
      output = layer(output)
      return output
    }
  }

  /// The scores from the outputs of `features`: the last one, flattened to [batch, rows · columns · channels].
  static func scores(of features: [Tensor]) -> Tensor {
    let last = features[features.count - 1]
    return last.reshaped(to: [last.shape[0], -1])
  }
}

package import NeuralNetworks
package import Tensors

/// SN-PatchGAN: scores patches of pictures, real ones high, in as many ways as the last layer has channels (Yu et al.,
/// 2019, section 3.2).
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
    conv1 = layer("conv1", from: configuration.guidance ? 5 : 4, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: 4 * width)
    conv5 = layer("conv5", from: 4 * width, to: 4 * width)
    conv6 = layer("conv6", from: 4 * width, to: 4 * width)
  }

  /// The scores.
  ///
  /// - Parameters:
  ///   - pictures: [batch, height, width, 3].
  ///   - conditions: What pictures are judged with, the holes first, each [batch or 1, height, width, 1]; a batch of 1
  ///     serves all pictures.
  /// - Returns: [batch, scores].
  package func callAsFunction(_ pictures: Tensor, conditions: [Tensor]) -> Tensor {
    Self.scores(of: features(pictures, conditions: conditions))
  }

  /// The outputs of the layers from the first to the last, [batch, height, width, channels] each; the parameters as above.
  func features(_ pictures: Tensor, conditions: [Tensor]) -> [Tensor] {
    let plane = Array(pictures.shape.dropLast()) + [1]
    var output = concatenate([pictures] + conditions.map { $0.expanded(to: plane) }, axis: -1)
    return [conv1, conv2, conv3, conv4, conv5, conv6].map { layer in
      output = layer(output)
      return output
    }
  }

  /// The scores of pictures whose features are known: the last layer's output, [batch, scores].
  static func scores(of features: [Tensor]) -> Tensor {
    let last = features[features.count - 1]
    return last.reshaped(to: [last.shape[0], -1])
  }
}

import NeuralNetworks
package import Tensors

/// A conditional patch discriminator at two scales, the pictures' size and half of it (Wang et al., 2018,
/// "High-Resolution Image Synthesis with Conditional GANs", section 3.2; layers as in Park et al., 2019, appendix A).
/// The condition is a map that is concatenated with the picture.
package final class MultiscaleDiscriminator: Module {
  let scales: [PatchScores]

  /// - Parameters:
  ///   - mapChannels: The channels of the map.
  ///   - width: The channels of the first convolution; the next three have 2, 4 and 8 times as many.
  init(mapChannels: Int, width: Int, initialization: Initialization) {
    scales = (0..<2).map {
      PatchScores(inputChannels: mapChannels + 3, width: width, initialization: initialization["scales.\($0)"])
    }
  }

  /// The outputs of all five layers at each scale, the full size first. The last output of a scale is the scores,
  /// [batch, rows, columns, 1].
  ///
  /// - Parameters:
  ///   - pictures: [batch, height, width, 3].
  ///   - map: [batch, height, width, mapChannels].
  package func features(_ pictures: Tensor, map: Tensor) -> [[Tensor]] {
    var input = concatenate([map, pictures], axis: -1)
    return scales.enumerated().map { index, scale in
      if index > 0 { input = input.averagePool(kernel: 3, stride: 2, padding: Padding(1)) }
      return scale.features(input)
    }
  }
}

/// The discriminator of one scale: five 4x4 convolutions with padding 2, the first four with leaky ReLU. The three in
/// the middle are spectrally normalized and followed by instance normalization.
final class PatchScores: Module {
  let conv1, conv2, conv3, conv4, score: Conv2d

  init(inputChannels: Int, width: Int, initialization: Initialization) {
    func layer(_ name: String, from inputs: Int, to outputs: Int, stride: Int, isMiddle: Bool) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 4, stride: stride, padding: .explicit(Padding(2)),
        // Instance normalization removes any bias.
        bias: !isMiddle, spectrallyNormalized: isMiddle, initialization: initialization[name])
    }
    conv1 = layer("conv1", from: inputChannels, to: width, stride: 2, isMiddle: false)
    conv2 = layer("conv2", from: width, to: 2 * width, stride: 2, isMiddle: true)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width, stride: 2, isMiddle: true)
    conv4 = layer("conv4", from: 4 * width, to: 8 * width, stride: 1, isMiddle: true)
    score = layer("score", from: 8 * width, to: 1, stride: 1, isMiddle: false)
  }

  func features(_ x: Tensor) -> [Tensor] {
    let leaky = Activation.leakyReLU(slope: 0.2)
    var features = [leaky(conv1(x))]
    for layer in [conv2, conv3, conv4] {
      features.append(instanceNormalized(layer(features[features.count - 1]), activation: leaky))
    }
    return features + [score(features[3])]
  }
}

/// The patch discriminator of the first stage: four 4x4 convolutions with stride 2, each followed by instance
/// normalization and a leaky ReLU, the first one too, then one with stride 1 and without bias (as in the authors'
/// `networks.py`).
package final class SemanticDiscriminator: Module {
  let conv1, conv2, conv3, conv4: Conv2d
  let score: Conv2d

  /// - Parameter width: The channels of the first convolution; the next three have 2, 4 and 8 times as many.
  init(width: Int, initialization: Initialization) {
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 4, stride: 2, initialization: initialization[name])
    }
    conv1 = layer("conv1", from: 3, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: 8 * width)
    // Asymmetric padding keeps the spatial size under an even kernel.
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

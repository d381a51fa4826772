import NeuralNetworks
package import Tensors

/// The second stage of inpainting with semantic guidance: four residual blocks that normalize the first stage's features and
/// modulate them by a label map, at a quarter, a quarter, half and all of the pictures' size.
///
/// This program's own reading: the paper's abstract calls it a semantic decoder that takes the reconstructed features as a
/// prior, and no public program has one. The blocks are those of Park et al. (2019).
package final class SemanticDecoder: Module {
  let block1, block2, block3, block4: SPADEResidualBlock
  let output: Conv2d

  /// - Parameters:
  ///   - channels: Those of the features, a multiple of 4.
  ///   - mapChannels: Those of the label map with its hole.
  init(
    channels: Int, mapChannels: Int, hidden: Int, norm: SPADE.Norm, filters: Initializer,
    initialization: Initialization
  ) {
    func block(_ name: String, from inputs: Int, to outputs: Int) -> SPADEResidualBlock {
      SPADEResidualBlock(
        inputChannels: inputs, outputChannels: outputs, filters: filters, initialization: initialization[name]
      ) { channels, initialization in
        SPADE(
          channels: channels, mapChannels: mapChannels, hidden: hidden, norm: norm, initialization: initialization)
      }
    }
    block1 = block("block1", from: channels, to: channels)
    block2 = block("block2", from: channels, to: channels)
    block3 = block("block3", from: channels, to: channels / 2)
    block4 = block("block4", from: channels / 2, to: channels / 4)
    output = Conv2d(
      inputChannels: channels / 4, outputChannels: 3, kernel: 3,
      initialization: initialization["output"].with(weights: filters))
  }

  /// Pictures in −1...1, [batch, 4 · height, 4 · width, 3].
  ///
  /// - Parameters:
  ///   - features: [batch, height, width, channels].
  ///   - map: The classes of pixels and the holes, [batch, 4 · height, 4 · width, mapChannels].
  package func callAsFunction(_ features: Tensor, map: Tensor) -> Tensor {
    let (height, width) = (features.shape[1], features.shape[2])
    precondition(
      map.shape[1] == 4 * height && map.shape[2] == 4 * width,
      "SemanticDecoder: expected a map of \(4 * height)x\(4 * width), found shape \(map.shape)")
    // Every block normalizes two or three times by the same map.
    let quarter = map.resizedNearest(height: height, width: width)
    let half = map.resizedNearest(height: 2 * height, width: 2 * width)
    var x = block1(features, map: quarter)
    x = block2(x, map: quarter).upsampledNearest(by: 2)
    x = block3(x, map: half).upsampledNearest(by: 2)
    x = block4(x, map: map)
    return tanh(output(Activation.leakyReLU(slope: 0.2)(x)))
  }
}

import NeuralNetworks
package import Tensors

/// Scores patches, real ones high: five spectrally normalized 4x4 convolutions, three of them with stride 2, with leaky ReLUs
/// (as in Nazeri et al., 2019, "EdgeConnect", section 3.1).
package final class PatchCritic: Module {
  let convolutions: [Conv2d]

  /// - Parameters:
  ///   - inputChannels: A picture's, and those of a map that it is judged beside.
  ///   - width: The channels of the first convolution; there are twice, four and eight times as many in the next.
  init(inputChannels: Int, width: Int, initialization: Initialization) {
    let channels = [inputChannels, width, 2 * width, 4 * width, 8 * width, 1]
    convolutions = (0..<5).map { number in
      Conv2d(
        inputChannels: channels[number], outputChannels: channels[number + 1], kernel: 4, stride: number < 3 ? 2 : 1,
        padding: .explicit(Padding(1)), spectrallyNormalized: true,
        initialization: initialization["convolutions.\(number)"])
    }
  }

  /// The layers' outputs, of which the last are the scores, [batch, rows, columns, 1].
  ///
  /// - Parameters:
  ///   - x: [batch, height, width, inputChannels], at least 32x32.
  ///   - count: The number of layers, 1...5.
  package func features(_ x: Tensor, count: Int = 5) -> [Tensor] {
    var features = [x]
    for (number, layer) in convolutions.prefix(count).enumerated() {
      let y = layer(features[number])
      features.append(number < 4 ? Activation.leakyReLU(slope: 0.2)(y) : y)
    }
    return Array(features.dropFirst())
  }

  func callAsFunction(_ x: Tensor) -> Tensor { features(x)[4] }
}

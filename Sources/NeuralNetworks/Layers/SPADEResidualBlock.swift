import Tensors

/// A residual block whose normalizations a map modulates (Park et al., 2019, appendix A): twice SPADE, leaky ReLU and a 3x3
/// convolution, added to its input, which goes through SPADE and a 1x1 convolution where channels differ.
///
/// The convolutions are spectrally normalized.
package final class SPADEResidualBlock: Module {
  let norm0, norm1: SPADE
  let conv0, conv1: Conv2d
  /// Nil if there are as many channels before as after.
  let shortcutNorm: SPADE?
  let shortcut: Conv2d?

  /// - Parameters:
  ///   - filters: The rule for fresh filters.
  ///   - spade: Makes a normalization of a number of channels.
  package init(
    inputChannels: Int, outputChannels: Int, spectrallyNormalized: Bool = true, filters: Initializer,
    initialization: Initialization, spade: (_ channels: Int, Initialization) -> SPADE
  ) {
    let middle = min(inputChannels, outputChannels)
    func convolution(_ name: String, from inputs: Int, to outputs: Int, kernel: Int = 3) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, bias: kernel > 1,
        spectrallyNormalized: spectrallyNormalized, initialization: initialization[name].with(weights: filters))
    }
    norm0 = spade(inputChannels, initialization["norm0"])
    norm1 = spade(middle, initialization["norm1"])
    conv0 = convolution("conv0", from: inputChannels, to: middle)
    conv1 = convolution("conv1", from: middle, to: outputChannels)
    let isResized = inputChannels != outputChannels
    shortcutNorm = isResized ? spade(inputChannels, initialization["shortcutNorm"]) : nil
    shortcut = isResized ? convolution("shortcut", from: inputChannels, to: outputChannels, kernel: 1) : nil
  }

  /// - Parameters:
  ///   - x: [batch, height, width, inputChannels].
  ///   - map: As of `SPADE`.
  /// - Returns: [batch, height, width, outputChannels].
  package func callAsFunction(_ x: Tensor, map: Tensor) -> Tensor {
    let leaky = Activation.leakyReLU(slope: 0.2)
    let first = conv0(leaky(norm0(x, map: map)))
    let second = conv1(leaky(norm1(first, map: map)))
    guard let shortcut, let shortcutNorm else { return x + second }
    return shortcut(shortcutNorm(x, map: map)) + second
  }
}

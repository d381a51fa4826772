package import Tensors

/// Spatially-adaptive normalization (Park et al., 2019, "Semantic Image Synthesis with Spatially-Adaptive
/// Normalization", eq. 1): features are normalized without parameters, then scaled and shifted per pixel by
/// convolutions of a map, such as a label map.
///
/// With a = ReLU(shared(map)), γ = gamma(a) and β = beta(a), all of them 3x3 convolutions, the output is
/// normalized(x) · (1 + γ) + β.
package final class SPADE: Module {
  /// The elements over which features are normalized.
  package enum Norm: String, CaseIterable, Sendable {
    /// Each channel of each sample.
    case instance
    /// Each channel over the batch, with running statistics for inference.
    case batch
  }

  /// nil for instance normalization.
  let batchNorm: BatchNorm2d?
  let shared: Conv2d
  let gamma: Conv2d
  let beta: Conv2d

  /// - Parameters:
  ///   - channels: The channels of the features.
  ///   - mapChannels: The channels of the map.
  ///   - hidden: The output channels of the convolution that γ and β share.
  package init(
    channels: Int, mapChannels: Int, hidden: Int = 128, norm: Norm = .instance, initialization: Initialization
  ) {
    batchNorm = norm == .batch ? BatchNorm2d(channels: channels, isAffine: false) : nil
    shared = Conv2d(
      inputChannels: mapChannels, outputChannels: hidden, kernel: 3, activation: .relu,
      initialization: initialization["shared"])
    gamma = Conv2d(
      inputChannels: hidden, outputChannels: channels, kernel: 3, initialization: initialization["gamma"])
    beta = Conv2d(
      inputChannels: hidden, outputChannels: channels, kernel: 3, initialization: initialization["beta"])
  }

  /// - Parameters:
  ///   - x: [batch, height, width, channels].
  ///   - map: [batch, any height, any width, mapChannels], resized to the features by nearest neighbor.
  package func callAsFunction(_ x: Tensor, map: Tensor) -> Tensor {
    let normalized = batchNorm.map { $0(x) } ?? instanceNormalized(x)
    let isOfSize = map.shape[1] == x.shape[1] && map.shape[2] == x.shape[2]
    let activated = shared(isOfSize ? map : map.resizedNearest(height: x.shape[1], width: x.shape[2]))
    return normalized * (1 + gamma(activated)) + beta(activated)
  }
}

/// A residual block with SPADE normalization (Park et al., 2019, appendix A): twice SPADE, leaky ReLU and a 3x3
/// convolution, added to the input. If the numbers of channels differ, the shortcut is SPADE and a 1x1 convolution.
///
/// The convolutions are spectrally normalized.
package final class SPADEResidualBlock: Module {
  let norm0, norm1: SPADE
  let conv0, conv1: Conv2d
  /// nil if the numbers of input and output channels are equal.
  let shortcutNorm: SPADE?
  let shortcut: Conv2d?

  /// - Parameters:
  ///   - filters: The initializer of the filters.
  ///   - spade: Creates the normalization for a number of channels.
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
  ///   - map: As for `SPADE`.
  /// - Returns: [batch, height, width, outputChannels].
  package func callAsFunction(_ x: Tensor, map: Tensor) -> Tensor {
    let leaky = Activation.leakyReLU(slope: 0.2)
    let first = conv0(leaky(norm0(x, map: map)))
    let second = conv1(leaky(norm1(first, map: map)))
    guard let shortcut, let shortcutNorm else { return x + second }
    return shortcut(shortcutNorm(x, map: map)) + second
  }
}

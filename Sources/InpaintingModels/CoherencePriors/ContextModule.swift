import NeuralNetworks
import Tensors

/// A context inference module: completes an encoder's features before a decoder sees them, by attention of missing pixels to
/// known ones, and four dilated convolutions side by side that are added (after Liao et al., 2021, who have such a module; its
/// layers here are this program's own).
///
/// z + conv(ReLU(conv(z, 1)) ‖ ReLU(conv(z, 2)) ‖ ReLU(conv(z, 4)) ‖ ReLU(conv(z, 8))), z being the attention's output.
final class ContextModule: Module {
  private let attention = SemanticAttention()
  let groups: [Conv2d]
  let joining: Conv2d

  /// - Parameter channels: A multiple of 4.
  init(channels: Int, filters: Initializer, initialization: Initialization) {
    groups = .dilatedConvolutions(channels: channels, initialization: initialization.with(weights: filters))
    joining = Conv2d(
      inputChannels: channels, outputChannels: channels, kernel: 1,
      initialization: initialization["joining"].with(weights: filters))
  }

  /// - Parameters:
  ///   - x: [batch, height, width, channels].
  ///   - hole: [batch or 1, height, width, 1].
  func callAsFunction(_ x: Tensor, hole: Tensor) -> Tensor {
    let attended = attention(x, classes: nil, hole: hole)
    return attended + joining(groups.concatenatedOutputs(attended))
  }
}

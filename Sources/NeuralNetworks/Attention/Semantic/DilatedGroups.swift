import Tensors

/// Four 3x3 convolutions side by side, of dilations 1, 2, 4 and 8, each with a quarter of the channels and ReLU (as in Zeng et
/// al., 2019, section 3.2). An array and no module of its own, so that the layers have one name less in checkpoints.
extension [Conv2d] {
  /// - Parameter channels: Those of input and output, a multiple of 4.
  package static func dilatedGroups(channels: Int, initialization: Initialization) -> [Conv2d] {
    precondition(channels % 4 == 0, "dilatedGroups: expected a multiple of 4 channels, found \(channels)")
    return [1, 2, 4, 8].map { dilation in
      Conv2d(
        inputChannels: channels, outputChannels: channels / 4, kernel: 3, dilation: dilation, activation: .relu,
        initialization: initialization["groups.\(dilation)"])
    }
  }

  /// The outputs of all for one input, one after the other in the channels.
  package func sideBySide(_ x: Tensor) -> Tensor { concatenate(map { $0(x) }, axis: -1) }
}

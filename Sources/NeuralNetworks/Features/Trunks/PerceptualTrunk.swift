import Tensors

/// The convolutions of a network that was trained on ImageNet, whose features at several depths tell how alike two pictures
/// look. Its ported weights have torchvision's names: `features.0.weight`.
package protocol PerceptualTrunk: PortedModule {
  /// The channels of each of the features.
  var channels: [Int] { get }

  /// Features at several depths, each after a ReLU.
  ///
  /// - Parameter pictures: [batch, height, width, 3], red, green and blue in −1...1; at least 32x32 pixels.
  /// - Returns: For each depth [batch, height there, width there, channels].
  func activations(_ pictures: Tensor) -> [Tensor]
}

/// The networks that LPIPS has been calibrated for.
package enum PerceptualNetwork: String, CaseIterable, Sendable {
  case alex
  case vgg
  case squeeze

  /// The name for people.
  package var title: String {
    switch self {
    case .alex: "AlexNet"
    case .vgg: "VGG16"
    case .squeeze: "SqueezeNet 1.1"
    }
  }

  /// The network without weights: all zeros, for a file to replace.
  package func makeTrunk() -> any PerceptualTrunk {
    let initialization = Initialization(seed: 0, weights: .zeros)
    return switch self {
    case .alex: AlexNetFeatures(initialization: initialization)
    case .vgg: VGG16Features(blocks: 5, initialization: initialization)
    case .squeeze: SqueezeNetFeatures(initialization: initialization)
    }
  }
}

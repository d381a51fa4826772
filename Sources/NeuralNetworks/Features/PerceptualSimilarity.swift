package import Tensors

/// LPIPS 0.1: learned perceptual image patch similarity (Zhang et al., 2018, "The Unreasonable Effectiveness of Deep
/// Features as a Perceptual Metric", eq. 1).
///
/// The features of both pictures are normalized to unit length over the channels at each position; their squared
/// differences are weighted by linear heads that were calibrated on human judgments.
package final class PerceptualSimilarity: PortedModule {
  let trunk: any PerceptualTrunk
  /// The weights of each depth's channels: 1x1 filters without bias, [1, 1, channels, 1].
  let heads: [Parameter]

  /// Creates the network with all weights 0, to be loaded from a file.
  package init(_ network: PerceptualNetwork) {
    trunk = network.makeTrunk()
    heads = trunk.channels.map { Parameter(.zeros([1, 1, $0, 1])) }
  }

  package var portedWeights: [PortedWeight] {
    trunk.portedWeights
      + heads.enumerated().map { PortedWeight("lin\($0).model.1.weight", $1, .outputsFirst) }
  }

  /// The trunk's features, divided at each position by their L2 norm + 1e-10.
  ///
  /// - Parameter pictures: As for `PerceptualTrunk.activations`.
  package func features(_ pictures: Tensor) -> [Tensor] {
    trunk.activations(pictures).map { $0 / (sqrt(square($0).sum(axes: [3])) + 1e-10) }
  }

  /// The distance map of each depth, [batch, height there, width there, 1]. LPIPS is the sum of their means.
  ///
  /// - Parameters:
  ///   - first, second: Outputs of `features`.
  package func distances(_ first: [Tensor], _ second: [Tensor]) -> [Tensor] {
    zip(zip(first, second), heads).map { features, head in
      (square(features.0 - features.1) * head.value.reshaped(to: [head.shape[2]])).sum(axes: [3])
    }
  }
}

/// The convolutions of a network trained on ImageNet, whose features at several depths measure perceptual similarity.
/// Its ported weights have torchvision's names, such as `features.0.weight`.
package protocol PerceptualTrunk: PortedModule {
  /// The number of channels at each depth.
  var channels: [Int] { get }

  /// The features at several depths, each after a ReLU.
  ///
  /// - Parameter pictures: [batch, height, width, 3], red, green and blue in −1...1; at least 32x32 pixels.
  /// - Returns: For each depth, [batch, height there, width there, channels].
  func activations(_ pictures: Tensor) -> [Tensor]
}

/// The networks that LPIPS has been calibrated for.
package enum PerceptualNetwork: String, CaseIterable, Sendable {
  case alex
  case vgg
  case squeeze

  /// The name for display.
  package var title: String {
    switch self {
    case .alex: "AlexNet"
    case .vgg: "VGG16"
    case .squeeze: "SqueezeNet 1.1"
    }
  }

  /// Creates the network with all weights 0, to be loaded from a file.
  package func makeTrunk() -> any PerceptualTrunk {
    let initialization = Initialization(seed: 0, weights: .zeros)
    return switch self {
    case .alex: AlexNetFeatures(initialization: initialization)
    case .vgg: VGG16Features(blocks: 5, initialization: initialization)
    case .squeeze: SqueezeNetFeatures(initialization: initialization)
    }
  }
}

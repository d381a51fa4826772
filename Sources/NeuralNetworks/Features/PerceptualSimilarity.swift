package import Tensors

/// LPIPS 0.1: the learned perceptual image patch similarity (Zhang et al., 2018, "The Unreasonable Effectiveness of Deep
/// Features as a Perceptual Metric", eq. 1).
///
/// Features of both pictures are brought to unit length at each position; their squared differences are weighted by
/// heads that were calibrated on human judgments.
package final class PerceptualSimilarity: PortedModule {
  let trunk: any PerceptualTrunk
  /// The weights of each depth's channels, 1x1 filters without bias, [1, 1, channels, 1].
  let heads: [Parameter]

  /// All weights are zeros, for a file to replace.
  package init(_ network: PerceptualNetwork) {
    trunk = network.makeTrunk()
    heads = trunk.channels.map { Parameter(.zeros([1, 1, $0, 1])) }
  }

  package var portedWeights: [PortedWeight] {
    trunk.portedWeights
      + heads.enumerated().map { PortedWeight("lin\($0).model.1.weight", $1, .outputsFirst) }
  }

  /// The trunk's features, divided at each position by their length + 1e-10.
  ///
  /// - Parameter pictures: As of `PerceptualTrunk.activations`.
  package func features(_ pictures: Tensor) -> [Tensor] {
    trunk.activations(pictures).map { $0 / (sqrt(square($0).sum(axes: [3])) + 1e-10) }
  }

  /// A map of distances for each depth, [batch, height there, width there, 1]. LPIPS is the sum of their means.
  ///
  /// - Parameters:
  ///   - first, second: As `features` makes them.
  package func distances(_ first: [Tensor], _ second: [Tensor]) -> [Tensor] {
    zip(zip(first, second), heads).map { features, head in
      (square(features.0 - features.1) * head.value.reshaped(to: [head.shape[2]])).sum(axes: [3])
    }
  }
}

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

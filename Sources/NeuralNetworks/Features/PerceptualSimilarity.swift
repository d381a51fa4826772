import Tensors

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

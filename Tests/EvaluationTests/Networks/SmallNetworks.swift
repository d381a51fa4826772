import Imaging
import NeuralNetworks
import Tensors
import TestSupport

@testable import Evaluation

/// Networks that take no time, with weights from nowhere.
enum SmallNetworks {
  /// LPIPS with a SqueezeNet full of noise.
  static func perceptual() throws -> PerceptualSimilarity {
    let similarity = PerceptualSimilarity(.squeeze)
    let shapes = Dictionary(uniqueKeysWithValues: similarity.stateDictionary().map { ($0.name, $0.value.shape) })
    try similarity.load { name in shapes[name].map { noisyWeights(name, $0) } }
    return similarity
  }

  /// Three features in place of Inception's: the mean color.
  static func meanColor(_ picture: Tensor) -> Tensor { picture.mean(axes: [1, 2]).reshaped(to: [1, 3]) }

  static func networks(
    perceptual: Bool = true, inception: Bool = true, hash: String = "1234"
  ) throws -> MetricNetworks {
    MetricNetworks(
      perceptual: perceptual
        ? .init(
          network: try Self.perceptual(), identity: WeightsIdentity(name: "lpips.pth, SqueezeNet 1.1", hash: hash))
        : nil,
      inception: inception
        ? .init(network: meanColor, identity: WeightsIdentity(name: "<inception>", hash: hash)) : nil)
  }

  /// A report of 50 built-in pictures of 32x32, by both unless said otherwise.
  static func report(_ networks: MetricNetworks? = nil, count: Int = 50, level: Scalar = 0.1) throws
    -> EvaluationReport
  {
    let networks = try networks ?? Self.networks()
    let evaluator = Evaluator(
      pictures: try SmallEvaluation.pictures(limit: count), networks: networks,
      fill: SmallEvaluation.darker(by: level))
    return try evaluator.report(weights: SmallEvaluation.weights, onProgress: { _ in }, onNotice: { _ in })
  }
}

import Imaging
import InpaintingData
import Kernels
import NeuralNetworks
import Tensors

/// LPIPS of each picture, and what FID needs of all of them. Networks run one after the other on all threads, by exact
/// convolutions.
final class NetworkMeasurement {
  private let networks: MeasuringNetworks
  /// In the order of `FillingMethod.all`; none before the first picture, and without Inception.
  private var statistics: [FeatureStatistics] = []

  init(_ networks: MeasuringNetworks) {
    self.networks = networks
  }

  /// True if there is anything to measure.
  var isNeeded: Bool { networks.perceptual != nil || networks.inception != nil }

  /// Measures the fillings of a picture.
  ///
  /// - Parameter pictures: What each method of `FillingMethod.all` made of it; the original for `original`.
  /// - Returns: LPIPS of each, nil for the original, or if it is not measured.
  func measure(_ pictures: [Picture], hole: Hole) -> [RegionScores?] {
    precondition(pictures.count == FillingMethod.all.count, "NetworkMeasurement: expected a picture of every method")
    return ConvolutionMethod.$ofTask.withValue(.exact) {
      if let inception = networks.inception?.network { add(pictures.map { inception($0.tensor) }) }
      guard let perceptual = networks.perceptual?.network, let original = pictures.last else {
        return pictures.map { _ in nil }
      }
      let expected = perceptual.features(original.tensor)
      return pictures.dropLast().map { picture in
        LearnedSimilarity.scores(
          perceptual.distances(perceptual.features(picture.tensor), expected), hole: hole)
      } + [nil]
    }
  }

  /// Adds the features of a picture's fillings.
  private func add(_ features: [Tensor]) {
    if statistics.isEmpty { statistics = features.map { FeatureStatistics(featureCount: $0.count) } }
    for (index, features) in features.enumerated() { statistics[index].add(features.elements.map { Double($0) }) }
  }

  /// The findings beside the pictures' scores. Takes some seconds if FID is measured.
  func finish() -> NetworkScores {
    NetworkScores(
      perceptual: networks.perceptual?.identity,
      frechet: networks.inception.map { FrechetScores(network: $0.identity, statistics) })
  }
}

import Imaging
import InpaintingData
import Kernels
import NeuralNetworks
import Tensors

/// The measurement of LPIPS for each picture, and of the statistics for FID. Networks run one after the other on all
/// threads, with exact convolutions.
final class NetworkMeasurement {
  private let networks: MetricNetworks
  /// The statistics in the order of `FillingMethod.all`; empty before the first picture, and without Inception.
  private var statistics: [FeatureStatistics] = []

  init(_ networks: MetricNetworks) {
    self.networks = networks
  }

  /// True if there is anything to measure.
  var isNeeded: Bool { networks.perceptual != nil || networks.inception != nil }

  /// Measures a picture as filled by each method.
  ///
  /// - Parameter pictures: The picture filled by each method of `FillingMethod.all`; the original for `original`.
  /// - Returns: LPIPS of each; nil for the original, or if it is not measured.
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

  /// Adds the features of a picture as filled by each method.
  private func add(_ features: [Tensor]) {
    if statistics.isEmpty { statistics = features.map { FeatureStatistics(featureCount: $0.count) } }
    for (index, features) in features.enumerated() { statistics[index].add(features.elements.map { Double($0) }) }
  }

  /// The results besides the pictures' scores. Takes some seconds if FID is measured.
  func finish() -> NetworkScores {
    NetworkScores(
      perceptual: networks.perceptual?.identity,
      frechet: networks.inception.map { FrechetScores(network: $0.identity, statistics) })
  }
}

/// The part of a report about networks, besides the pictures' scores.
package struct NetworkScores: Equatable, Sendable {
  /// The weights that LPIPS was measured with; nil if it was not measured.
  let perceptual: WeightsIdentity?
  /// FID; nil if it was not requested.
  let frechet: FrechetScores?

  /// No network was used.
  static let none = NetworkScores(perceptual: nil, frechet: nil)

  /// The networks that were used, with the titles of what they measured.
  var identities: [(title: String, weights: WeightsIdentity)] {
    (perceptual.map { [(LearnedSimilarity.title, $0)] } ?? [])
      + (frechet.map { [(FrechetDistance.title, $0.network)] } ?? [])
  }

  /// The common metrics that were not measured.
  var omitted: [OmittedMetric] {
    (perceptual == nil ? [.lpips] : []) + (frechet == nil ? [.fid] : [])
  }
}

/// FID between all filled pictures and all originals, for each method.
package struct FrechetScores: Equatable, Sendable {
  /// The weights of Inception.
  let network: WeightsIdentity
  /// The pictures in each set.
  let pictureCount: Int
  /// The distances in the order of `FillingMethod.all`; nil for the originals, and where there is none.
  let distances: [Double?]

  static let format = NumberFormat.plain(decimals: 2)

  init(network: WeightsIdentity, pictureCount: Int, distances: [Double?]) {
    self.network = network
    self.pictureCount = pictureCount
    self.distances = distances
  }

  /// - Parameter statistics: The statistics of each method of `FillingMethod.all`, the originals last.
  init(network: WeightsIdentity, _ statistics: [FeatureStatistics]) {
    let count = statistics.last?.count ?? 0
    var distances: [Double?] = statistics.map { _ in nil }
    if let originals = statistics.last, count >= FrechetDistance.fewestPictures {
      let distance = FrechetDistance(to: originals)
      for index in statistics.indices.dropLast() { distances[index] = distance.distance(of: statistics[index]) }
    }
    self.init(network: network, pictureCount: count, distances: distances)
  }

  /// The distance for a method.
  func distance(_ method: FillingMethod) -> Double? {
    FillingMethod.all.firstIndex(of: method).flatMap { distances[$0] }
  }

  /// The rows of a table: the methods that have a distance.
  var rows: [(method: FillingMethod, text: String)] {
    FillingMethod.all.compactMap { method in distance(method).map { (method, Self.format.text($0)) } }
  }

  /// The table's heading: `FID to the originals: 300 pictures`.
  var title: String { "\(FrechetDistance.title) to the originals: \(pictureCount) pictures" }

  /// The reason why there is no distance; nil if there is one.
  var reasonForNone: String? {
    guard rows.isEmpty else { return nil }
    return pictureCount < FrechetDistance.fewestPictures
      ? "FID is not measured: only \(pictureCount) pictures could be used, and it needs "
        + "\(FrechetDistance.fewestPictures)."
      : "FID is not measured: the features have numbers that are not finite."
  }
}

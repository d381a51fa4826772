import InpaintingModels
package import NeuralNetworks
import Support
import Tensors

/// The networks of metrics, as far as their weights are given.
package struct MetricNetworks {
  /// A network and the identity of its weights.
  struct Loaded<Network> {
    let network: Network
    let identity: WeightsIdentity
  }

  /// The network of LPIPS.
  let perceptual: Loaded<PerceptualSimilarity>?
  /// The network of FID: [1, height, width, 3] in −1...1 to [1, features].
  let inception: Loaded<(Tensor) -> Tensor>?

  /// No networks: LPIPS and FID are not measured.
  package static var none: MetricNetworks { MetricNetworks(perceptual: nil, inception: nil) }

  /// The metrics that pictures are measured by.
  var metrics: [Metric] { Metric.ofPixels + (perceptual == nil ? [] : [.lpips]) }

  /// The minimum side of pictures for which every trunk has features.
  static let smallestSide = 32

  init(perceptual: Loaded<PerceptualSimilarity>?, inception: Loaded<(Tensor) -> Tensor>?) {
    self.perceptual = perceptual
    self.inception = inception
  }

  /// Reads the weights.
  ///
  /// - Parameters:
  ///   - lpipsWeights: The files of LPIPS's trunk and heads; none to leave it out.
  ///   - lpipsNet: The trunk; nil for the one that the heads belong to.
  ///   - inceptionWeights: pytorch-fid's file; nil to leave FID out.
  /// - Throws: `Failure`: `usage` for a trunk without weights; `missingInput`, `inputOutput` or `data` if a file cannot
  ///   be used.
  package init(lpipsWeights: [String], lpipsNet: PerceptualNetwork?, inceptionWeights: String?) throws {
    if lpipsWeights.isEmpty, let lpipsNet {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .lpipsNet, lpipsNet.rawValue): expected the weights of LPIPS as well, found none; name their file with \
          \(setting: .lpipsWeights).
          """)
    }
    if lpipsWeights.isEmpty {
      perceptual = nil
    } else {
      let (similarity, network) = try PerceptualSimilarity.reading(lpipsWeights, network: lpipsNet)
      let name = lpipsWeights.joined(separator: " and ") + ", " + network.title
      perceptual = Loaded(network: similarity, identity: WeightsIdentity(name: name, hash: similarity.weightsHash))
    }
    inception = try inceptionWeights.map { path in
      let file = try WeightFile(path: path)
      let network = try InceptionFeatures(from: path) { try file.tensorIfAny($0) }
      return Loaded(network: { network($0) }, identity: WeightsIdentity(name: path, hash: network.weightsHash))
    }
  }

  /// - Throws: `Failure` of the kind `usage` if pictures of that side are too small for LPIPS.
  func require(side: Int) throws {
    guard perceptual != nil, side < Self.smallestSide else { return }
    throw Failure(
      .usage,
      sentence: """
        \(setting: .size): expected at least \(Self.smallestSide) for LPIPS, found \(side); measure larger pictures, or \
        leave out \(setting: .lpipsWeights).
        """)
  }

  /// - Throws: `Failure` of the kind `data` if there are too few pictures for a FID.
  func require(pictureCount: Int) throws {
    guard inception != nil, pictureCount < FrechetDistance.fewestPictures else { return }
    throw Failure(
      .data,
      sentence: """
        \(setting: .inceptionWeights): expected at least \(FrechetDistance.fewestPictures) pictures for a FID, found \
        \(pictureCount); measure more, or leave it out.
        """)
  }
}

extension Setting {
  static let lpipsWeights = Setting("lpipsWeights")
  static let lpipsNet = Setting("lpipsNet")
  static let inceptionWeights = Setting("inceptionWeights")
}

extension Module {
  /// A hash of the weights, 16 hexadecimal digits, independent of the file that they come from.
  fileprivate var weightsHash: String {
    var checksum = Checksum()
    for parameter in parameters { parameter.value.withElements { checksum.add($0) } }
    return checksum.text
  }
}

import NeuralNetworks
import Support
import Tensors

/// A part of a loss that is computed only if it counts.
struct WeightedTerm {
  let name: String
  let weight: Double
  let value: () -> Tensor

  init(_ name: String, _ weight: Double, _ value: @escaping () -> Tensor) {
    self.name = name
    self.weight = weight
    self.value = value
  }
}

extension [WeightedTerm] {
  /// The sum of the terms that have a weight, each times its own, and their values.
  ///
  /// - Parameter first: What they are added to.
  func weightedSum(after first: Tensor) -> (total: Tensor, terms: [LossTerm]) {
    var (total, terms) = (first, [LossTerm]())
    for term in self where term.weight > 0 {
      let value = term.value()
      total = total + value * Scalar(term.weight)
      terms.append(LossTerm(term.name, value))
    }
    return (total, terms)
  }
}

/// The perceptual term of a loss: the distance of pictures by the features of a network that was trained on ImageNet
/// (Johnson et al., 2016, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", section 3.2).
struct PerceptualTerm: Hashable, Sendable {
  /// The network whose features are compared.
  var network = PerceptualNetwork.vgg
  /// The file of its weights; nil if none is named.
  var weights: String?

  /// The least side of pictures in pixels that all networks take.
  private static let smallestSide = 32

  init() {}

  /// Reads the object `features` of the section `losses`.
  ///
  /// - Parameter pictureSize: That of a run; nil where there is none.
  /// - Throws: `Failure` of the kind `configuration`.
  init(_ losses: JSONReader, pictureSize: Int?) throws {
    let features = try losses.object("features")
    network = try features.choice("network", default: network)
    weights = try features.optional("weights")?.string()
    if let pictureSize, pictureSize < Self.smallestSide {
      throw losses.failure(
        "`perceptual`: expected pictures (`data.size`) of at least \(Self.smallestSide)x\(Self.smallestSide), found \(pictureSize)"
      )
    }
  }

  /// The network with its weights, which are not trained.
  ///
  /// - Throws: `Failure` of the kind `configuration` if no file is named, `missingInput`, `inputOutput`, or `data` if it is
  ///   of another network.
  func trunk() throws -> any PerceptualTrunk {
    guard let weights else {
      throw Failure(
        .configuration,
        sentence: """
          `losses.perceptual`: expected the weights of \(network.title), whose features it compares, found none; name a \
          file of torchvision's (\(setting: .key("losses.features.weights", "FILE"))), or train without \
          (\(setting: .key("losses.perceptual", "0"))).
          """)
    }
    let file = try WeightFile(path: weights)
    let trunk = network.makeTrunk()
    try trunk.load(from: file.path, as: "torchvision's \(network.title)") { try file.tensorIfAny($0) }
    return trunk
  }
}

extension PerceptualTrunk {
  /// The sum over the depths of the mean absolute differences of features.
  ///
  /// - Parameter pictures, originals: As of `activations`.
  func distance(_ pictures: Tensor, _ originals: Tensor) -> Tensor {
    zip(activations(pictures), activations(originals)).map { meanAbsoluteError($0, $1) }.reduce(Tensor(0), +)
  }
}

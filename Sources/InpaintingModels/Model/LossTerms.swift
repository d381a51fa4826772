import NeuralNetworks
import Support
import Tensors

/// A term of a loss with its weight, which is evaluated only if the weight is above 0.
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
  /// The weighted sum of the terms whose weight is above 0, and their values before weighting.
  ///
  /// - Parameter first: The tensor that the sum begins with.
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

/// The perceptual term of a loss: the distance between features of a network that was trained on ImageNet (Johnson et
/// al., 2016, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", section 3.2).
struct PerceptualTerm: Hashable, Sendable {
  /// The network whose features are compared.
  var network = PerceptualNetwork.vgg
  /// The path of a file with the network's weights; nil if the configuration names none.
  var weights: String?

  /// The smallest height and width of pictures, in pixels, that all networks accept.
  private static let smallestSide = 32

  init() {}

  /// Reads the object `features` of the section `losses`.
  ///
  /// - Parameter pictureSize: The height and width of the training pictures; nil outside of a training run.
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

  /// The network with its weights loaded, which stay fixed.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the configuration names no file, `missingInput`, `inputOutput`,
  ///   or `data` if the file holds another network's weights.
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
  /// The sum over the compared layers of the mean absolute difference of features, a scalar.
  ///
  /// - Parameter pictures, originals: As the argument of `activations`, [batch, height, width, 3] in −1...1.
  func distance(_ pictures: Tensor, _ originals: Tensor) -> Tensor {
    zip(activations(pictures), activations(originals)).map { meanAbsoluteError($0, $1) }.reduce(Tensor(0), +)
  }
}

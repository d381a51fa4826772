package import InpaintingData
import NeuralNetworks
package import Support
import Tensors

/// The configuration of a DeepFill v2: the published model, its public ports, and its guided variant.
package struct DeepFillV2Configuration: ModelConfiguration, DeepFillConfiguration, Hashable {
  /// The number of channels of the generator's first convolution before its gate; all others follow. A multiple of 4.
  package var width = 48
  /// The number of channels of the discriminator's first convolution; all others follow.
  package var discriminatorWidth = 64
  package var padding = DeepFillPadding.same
  package var nearest = DeepFillNearest.alignCorners
  package var holeReduction = HoleReduction.twoSteps
  package var start = Start.published
  /// The number of scales whose predictions are averaged when pictures are filled, 1 or 2; training knows one alone.
  package var testScales = 1
  /// 2 as published; 1 leaves out the first stage, in whose place the start is then.
  package var stages = 2
  package var initialization = DeepFillInitialization.glorotUniform
  /// True if neighboring scores of contextual attention strengthen each other.
  package var fuse = true
  /// The second stage's attention.
  package var attention = Self.publishedAttention
  /// True if the networks take edges to follow inside the holes.
  package var guidance = false
  /// True if both updates of a step use one batch and one pass through the generator, which is faster; otherwise each
  /// draws a batch of its own, as published.
  package var sharedBatch = true
  /// True if the second stage's branches are computed once more on the way back instead of being kept: less memory for
  /// more time.
  package var checkpointsActivations = false
  /// The weights of the terms that the generator minimizes.
  package var losses = Losses()

  /// One weight a term of the generator's loss.
  package struct Losses: Hashable, Sendable {
    /// Of minus the discriminator's mean score of the completed pictures.
    package var adversarial: Double = 1
    /// Of the error of the first stage.
    package var coarse: Double = 1
    /// Of the error of the second stage.
    package var refined: Double = 1
    /// The error of both.
    package var error = Error.l1
    /// Of the error of the second stage's differences of neighboring pixels: `holeGradientError`.
    package var gradient: Double = 0
    /// Of the second stage's `structuralDissimilarity`.
    package var structure: Double = 0
    /// Of the distance of the discriminator's features of completed pictures from those of the originals (Wang et al., 2018,
    /// "High-Resolution Image Synthesis and Semantic Manipulation with Conditional GANs", eq. 3).
    package var featureMatching: Double = 0
    /// Of the distance of completed pictures from the originals by another network's features: `PerceptualTerm`.
    package var perceptual: Double = 0
    /// Of the distance of what shift connections compare from what it should be, if there are any (Yan et al., 2018).
    package var shiftTarget: Double = 0.01

    package init() {}

    /// True if a term asks the discriminator.
    var usesDiscriminator: Bool { adversarial > 0 || featureMatching > 0 }
  }

  /// The network of the perceptual term.
  var features = PerceptualTerm()

  /// The distance of a stage's raw picture from the original.
  package enum Error: String, CaseIterable, Sendable {
    /// The mean absolute error over known and missing pixels alike, as published.
    case l1
    /// That over the missing pixels, each picture counting the same: `holeMeanAbsoluteError`.
    case holeL1 = "hole_l1"
    /// The root of the mean squared error over the missing pixels: `holeRootMeanSquaredError`.
    case holeRMSE = "hole_rmse"
    /// The logarithm of the mean squared error over the missing pixels: `holeLogMeanSquaredError`.
    case holeLogMSE = "hole_log_mse"

    func callAsFunction(_ pictures: Tensor, _ batch: InpaintingBatch) -> Tensor {
      switch self {
      case .l1: meanAbsoluteError(pictures, batch.images)
      case .holeL1: holeMeanAbsoluteError(pictures, batch.images, batch.holes)
      case .holeRMSE: holeRootMeanSquaredError(pictures, batch.images, batch.holes)
      case .holeLogMSE: holeLogMeanSquaredError(pictures, batch.images, batch.holes)
      }
    }
  }

  package init() {}

  /// The variant of the PyTorch port with symmetric padding.
  package static var symmetric: DeepFillV2Configuration {
    var configuration = DeepFillV2Configuration()
    configuration.padding = .symmetric
    configuration.nearest = .floor
    configuration.holeReduction = .oneStep
    return configuration
  }

  package var networkNames: [String] { ["generator", "discriminator"] }
  package var sizeMultiple: Int { MultiScaleTest.sizeMultiple(deepFillSizeMultiple, scales: testScales) }

  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    width = try model.integer("width", in: 4...4096, default: width)
    guard width % 4 == 0 else {
      throw model.failure("`width`: expected a multiple of 4, found \(width); the published width is 48")
    }
    discriminatorWidth = try model.integer("discriminator_width", in: 1...4096, default: discriminatorWidth)
    padding = try model.choice("padding", default: padding)
    let isSymmetric = padding == .symmetric
    // What goes with a padding in the public files of weights.
    nearest = try model.choice("nearest", default: isSymmetric ? .floor : .alignCorners)
    holeReduction = try model.choice("hole_reduction", default: isSymmetric ? .oneStep : .twoSteps)
    start = try model.choice("start", default: start)
    testScales = try MultiScaleTest.scales(model, start: start)
    stages = try model.integer("stages", in: 1...2, default: stages)
    guard stages == 2 || start != .published else {
      throw model.failure(
        "`stages`: 1 leaves out the coarse picture, which only another `start` can stand in for, expected \"start\": "
          + "\"harmonic\" or \"patches\", found \"published\"")
    }
    initialization = try model.choice("initialization", default: initialization)
    fuse = try model.boolean("fuse", default: fuse)
    attention = try readAttention(model, pictureSize: pictureSize)
    guidance = try model.boolean("guidance", default: guidance)
    self.losses.adversarial = try losses.real("adversarial", in: .nonNegative, default: self.losses.adversarial)
    if stages == 2 {
      self.losses.coarse = try losses.real("coarse", in: .nonNegative, default: self.losses.coarse)
    }
    self.losses.refined = try losses.real("refined", in: .nonNegative, default: self.losses.refined)
    self.losses.error = try losses.choice("error", default: self.losses.error)
    self.losses.gradient = try losses.real("gradient", in: .nonNegative, default: self.losses.gradient)
    self.losses.structure = try losses.real("structure", in: .nonNegative, default: self.losses.structure)
    self.losses.featureMatching = try losses.real(
      "feature_matching", in: .nonNegative, default: self.losses.featureMatching)
    self.losses.perceptual = try losses.real("perceptual", in: .nonNegative, default: self.losses.perceptual)
    if self.losses.perceptual > 0 { features = try PerceptualTerm(losses, pictureSize: pictureSize) }
    self.losses.shiftTarget = try attention.shiftTargetWeight(losses, self.losses.shiftTarget)
    sharedBatch = try training.boolean("shared_batch", default: sharedBatch)
    checkpointsActivations = try training.boolean("checkpoint_activations", default: checkpointsActivations)
  }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { DeepFillV2(self, seed: seed) }

  package var conditions: [Condition] { (guidance ? [.edges] : []) + start.conditions }
  var channels: Int { width / 2 }
  package var hasCoarseStage: Bool { stages == 2 }
  var refinementTakes: RefinementTakes { hasCoarseStage ? .pictures : .everything }
  /// 2.2 / √fan-in is the standard deviation with which ELU times sigmoid keeps the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 2.2) }
  var contextualAttention: ContextualAttention { ContextualAttention(fuses: fuse, nearestRule: nearest.rule) }
}

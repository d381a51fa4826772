package import InpaintingData
import NeuralNetworks
package import Support
import Tensors

/// The configuration of DeepFill v2, which covers the published model, its public ports, and its variant guided by
/// edges.
package struct DeepFillV2Configuration: ModelConfiguration, DeepFillConfiguration, Hashable {
  /// The number of channels of the generator's first convolution before gating, a multiple of 4; those of all others
  /// are multiples or halves of it.
  package var width = 48
  /// The number of channels of the discriminator's first convolution; the second has twice as many, the others four
  /// times.
  package var discriminatorWidth = 64
  package var padding = DeepFillPadding.same
  package var nearest = DeepFillNearest.alignCorners
  package var holeReduction = HoleReduction.twoSteps
  package var start = Start.published
  /// The number of scales whose predictions are averaged at inference, 1 or 2. Training uses a single scale.
  package var testScales = 1
  /// The number of stages: 2 as published; with 1, the initial fill replaces the coarse picture.
  package var stages = 2
  package var initialization = DeepFillInitialization.glorotUniform
  /// True if contextual attention fuses the scores of neighboring patches (attention propagation, Yu et al., 2018).
  package var fuse = true
  /// The attention layers of the second stage.
  package var attention = Self.publishedAttention
  /// True if the networks take an edge map inside the holes as a condition.
  package var takesEdges = false
  /// True if both updates of a step share one batch and one forward pass of the generator, which is faster; otherwise
  /// each update has a new batch, as published.
  package var sharedBatch = true
  /// True for activation checkpointing of the second stage's branches: less memory for more time.
  package var checkpointsActivations = false
  /// The weights of the terms of the generator's loss.
  package var losses = Losses()

  /// The weights and options of the terms of the generator's loss.
  package struct Losses: Hashable, Sendable {
    /// The weight of the adversarial term, minus the discriminator's mean score of the completed pictures.
    package var adversarial: Double = 1
    /// The weight of the first stage's error.
    package var coarse: Double = 1
    /// The weight of the second stage's error.
    package var refined: Double = 1
    /// The error function of both stages.
    package var error = Error.l1
    /// The weight of the error of the second stage's image gradients: see `holeGradientError`.
    package var gradient: Double = 0
    /// The weight of the second stage's `structuralDissimilarity`.
    package var structure: Double = 0
    /// The weight of feature matching, the mean absolute difference of the discriminator's features of completed and
    /// original pictures (Wang et al., 2018, "High-Resolution Image Synthesis and Semantic Manipulation with
    /// Conditional GANs", eq. 3).
    package var featureMatching: Double = 0
    /// The weight of the perceptual term on the completed pictures: see `PerceptualTerm`.
    package var perceptual: Double = 0
    /// The weight of the guidance loss of shift connections, if there are any (Yan et al., 2018, section 3.1).
    package var shiftTarget: Double = 0.01

    package init() {}

    /// True if a term uses the discriminator.
    var usesDiscriminator: Bool { adversarial > 0 || featureMatching > 0 }
  }

  /// The network of the perceptual term, and the file of its weights.
  var features = PerceptualTerm()

  /// The error of a stage's raw output.
  package enum Error: String, CaseIterable, Sendable {
    /// The mean absolute error over known and missing pixels alike, as published.
    case l1
    /// The mean absolute error over the missing pixels of each picture, averaged over pictures: see
    /// `holeMeanAbsoluteError`.
    case holeL1 = "hole_l1"
    /// The root mean squared error over the missing pixels: see `holeRootMeanSquaredError`.
    case holeRMSE = "hole_rmse"
    /// The logarithm of the mean squared error over the missing pixels: see `holeLogMeanSquaredError`.
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

  /// The configuration of the PyTorch port with symmetric padding.
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
    // The public files of weights come in these combinations with the padding.
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
    takesEdges = try model.boolean("guidance", default: takesEdges)
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

  package var conditions: [Condition] { (takesEdges ? [.edges] : []) + start.conditions }
  var channels: Int { width / 2 }
  package var hasCoarseStage: Bool { stages == 2 }
  var refinementTakes: RefinementTakes { hasCoarseStage ? .pictures : .everything }
  /// The initialization of filters. With a standard deviation of 2.2 / √fan-in, a gated convolution, ELU times sigmoid,
  /// preserves the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 2.2) }
  var contextualAttention: ContextualAttention { ContextualAttention(fuses: fuse, nearestRule: nearest.rule) }
}

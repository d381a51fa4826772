package import InpaintingData
package import NeuralNetworks
package import Support
import Tensors

/// The configuration of DeepFill v1, which covers the published model and training, and those of the PyTorch port.
package struct DeepFillV1Configuration: ModelConfiguration, DeepFillConfiguration, Hashable {
  /// The pixels whose gradients the gradient penalty includes.
  package enum PenaltyRegion: String, CaseIterable, Sendable {
    /// Missing pixels, as published.
    case hole
    /// All pixels, as in Gulrajani et al. (2017) and the PyTorch port.
    case picture
  }

  /// The pixels of the windows around the holes that the reconstruction error includes.
  package enum ErrorRegion: String, CaseIterable, Sendable {
    /// All pixels of the window, as published: the error of the generator's raw output.
    case window
    /// Missing pixels only: the error of the completed pictures, as in the PyTorch port.
    case hole
  }

  /// The number of channels of the generator's first convolution, even; those of all others are multiples or halves of
  /// it.
  package var width = 32
  /// The number of channels of the critics' first convolutions; those of the others are multiples of it.
  package var criticWidth = 64
  /// True if the local critic's last convolution has half of the published number of channels, as in the PyTorch port.
  package var hasNarrowLocalCritic = false
  /// The height and width of the global critic's input, a multiple of 16.
  package var pictureSize = 256
  /// The height and width of the local critic's input, the window around the hole, a multiple of 16.
  package var localSize = 128
  package var padding = DeepFillPadding.same
  package var nearest = DeepFillNearest.alignCorners
  package var holeReduction = HoleReduction.twoSteps
  package var start = Start.published
  /// The number of scales whose predictions are averaged at inference, 1 or 2. Training uses a single scale.
  package var testScales = 1
  package var initialization = DeepFillInitialization.glorotUniform
  /// True if contextual attention fuses the scores of neighboring patches (attention propagation, Yu et al., 2018).
  package var fuse = true
  /// The attention layers of the second stage.
  package var attention = Self.publishedAttention
  package var attentionReduction = PatchReduction.downsampling
  package var attentionLength = PatchNorm.floored
  package var losses = Losses()
  package var schedule = Schedule()
  /// True for activation checkpointing of the second stage's branches: less memory for more time.
  package var checkpointsActivations = false

  /// The weights and options of the loss terms of both networks.
  package struct Losses: Hashable, Sendable {
    /// The weight of the generator's adversarial term, minus the critics' mean scores.
    package var adversarial = 0.001
    /// The weight of the global critic's score within the adversarial term; the local critic's is 1.
    package var globalAdversarial = 1.0
    /// The weight of the spatially discounted errors in the windows around the holes.
    package var reconstruction = 1.2
    /// The weight of the mean absolute error at known pixels.
    package var autoencoding = 1.2
    /// The factor on both errors of the first stage; the second stage's is 1.
    package var coarse = 1.2
    /// The weight of the gradient penalty in the critics' loss.
    package var gradientPenalty = 10.0
    /// The discount γ of an error per pixel of distance from the window's border, above 0 and at most 1.
    package var spatialDiscount = 0.9
    package var penaltyRegion = PenaltyRegion.hole
    package var errorRegion = ErrorRegion.window
    /// The weight of the guidance loss of shift connections, if there are any (Yan et al., 2018, section 3.1).
    package var shiftTarget = 0.01

    package init() {}
  }

  /// The order of the networks' updates in a training step.
  package struct Schedule: Hashable, Sendable {
    /// The number of updates of the critics before each update of the generator.
    package var criticUpdates = 5
    /// True if the generator's update reuses the batch and the forward pass of the critics' last update, as in the
    /// PyTorch port. Otherwise each update has a new batch, as published.
    package var sharesBatch = false
    /// True if the first stage is trained alone, without critics.
    package var pretrainsCoarse = false

    package init() {}
  }

  package init() {}

  /// The configuration of the PyTorch port's networks.
  package static var ported: DeepFillV1Configuration {
    var configuration = DeepFillV1Configuration()
    configuration.padding = .symmetric
    configuration.nearest = .floor
    configuration.holeReduction = .oneStep
    configuration.attentionLength = .offset
    return configuration
  }

  var pretrainsCoarse: Bool { schedule.pretrainsCoarse }

  package var networkNames: [String] { ["generator", "critic"] }
  package var sizeMultiple: Int { MultiScaleTest.sizeMultiple(deepFillSizeMultiple, scales: testScales) }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.pictureSize = size
    let local = localSize * size / pictureSize / Critic.reduction * Critic.reduction
    resized.localSize = max(Critic.reduction, local)
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { DeepFillV1(self, seed: seed) }

  /// The initialization of filters. With a standard deviation of 1.25 / √fan-in, a convolution followed by ELU
  /// preserves the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 1.25) }

  var channels: Int { width }
  var takesEdges: Bool { false }
  package var conditions: [Condition] { start.conditions }
  var refinementTakes: RefinementTakes { .holes }

  var contextualAttention: ContextualAttention {
    ContextualAttention(
      fuses: fuse, reduction: attentionReduction, nearestRule: nearest.rule, patchLength: attentionLength)
  }
}

/// The parsing of the model's keys in a configuration.
extension DeepFillV1Configuration {
  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    try readNetworks(model)
    attention = try readAttention(model, pictureSize: pictureSize)
    try readSizes(model, pictureSize: pictureSize)
    self.losses = try Losses(losses)
    self.losses.shiftTarget = try attention.shiftTargetWeight(losses, self.losses.shiftTarget)
    schedule = try Schedule(training)
    checkpointsActivations = try training.boolean("checkpoint_activations", default: checkpointsActivations)
  }

  private mutating func readNetworks(_ model: JSONReader) throws {
    width = try model.integer("width", in: 2...4096, default: width)
    guard width % 2 == 0 else {
      throw model.failure("`width`: expected an even number, found \(width); the published width is 32")
    }
    criticWidth = try model.integer("critic_width", in: 1...4096, default: criticWidth)
    hasNarrowLocalCritic = try model.boolean("narrow_local_critic", default: hasNarrowLocalCritic)
    padding = try model.choice("padding", default: padding)
    // The public files of weights come in these combinations with the padding.
    let usual = padding == .symmetric ? Self.ported : Self()
    nearest = try model.choice("nearest", default: usual.nearest)
    holeReduction = try model.choice("hole_reduction", default: usual.holeReduction)
    start = try model.choice("start", default: start)
    testScales = try MultiScaleTest.scales(model, start: start)
    initialization = try model.choice("initialization", default: initialization)
    fuse = try model.boolean("fuse", default: fuse)
    attentionReduction = try model.choice("attention_reduction", default: attentionReduction)
    attentionLength = try model.choice("attention_length", default: usual.attentionLength)
  }

  /// Reads the sizes of the critics' inputs.
  ///
  /// - Parameter trained: The height and width of the training pictures, which must be the global critic's; nil outside
  ///   of a training run.
  private mutating func readSizes(_ model: JSONReader, pictureSize trained: Int?) throws {
    let step = Critic.reduction
    pictureSize = try model.integer("picture_size", in: step...4096, default: trained ?? pictureSize)
    if let trained, trained != pictureSize {
      throw model.failure(
        "`picture_size`: expected `data.size`, which is \(trained), found \(pictureSize); leave it out")
    }
    guard pictureSize % step == 0 else {
      throw model.failure(
        "expected pictures whose size (`data.size`) is a multiple of \(step) for the critics of DeepFill v1, found "
          + "\(pictureSize)")
    }
    let half = max(step, pictureSize / 2 / step * step)
    localSize = try model.integer("local_size", in: step...pictureSize, default: half)
    guard localSize % step == 0 else {
      throw model.failure("`local_size`: expected a multiple of \(step), found \(localSize)")
    }
  }
}

extension DeepFillV1Configuration.Losses {
  fileprivate init(_ reader: JSONReader) throws {
    func weight(_ key: String, _ published: Double) throws -> Double {
      try reader.real(key, in: .nonNegative, default: published)
    }
    adversarial = try weight("adversarial", adversarial)
    globalAdversarial = try weight("global_adversarial", globalAdversarial)
    reconstruction = try weight("reconstruction", reconstruction)
    autoencoding = try weight("autoencoding", autoencoding)
    coarse = try weight("coarse", coarse)
    gradientPenalty = try weight("gradient_penalty", gradientPenalty)
    spatialDiscount = try reader.real(
      "spatial_discount", in: Double.leastNonzeroMagnitude...1, default: spatialDiscount)
    penaltyRegion = try reader.choice("penalty_region", default: penaltyRegion)
    errorRegion = try reader.choice("error_region", default: errorRegion)
  }
}

extension DeepFillV1Configuration.Schedule {
  fileprivate init(_ reader: JSONReader) throws {
    criticUpdates = try reader.integer("critic_updates", in: 1...100, default: criticUpdates)
    sharesBatch = try reader.boolean("shared_batch", default: sharesBatch)
    pretrainsCoarse = try reader.boolean("pretrain_coarse", default: pretrainsCoarse)
  }
}

package import InpaintingData
package import NeuralNetworks
package import Support
import Tensors

/// The configuration of a DeepFill v1: the published model and recipe, and those of its PyTorch port.
package struct DeepFillV1Configuration: ModelConfiguration, DeepFillConfiguration, Hashable {
  /// The pixels whose slopes the gradient penalty looks at.
  package enum PenaltyRegion: String, CaseIterable, Sendable {
    /// Those that are missing, as published.
    case hole
    /// All, as Gulrajani et al. (2017) and the PyTorch port have it.
    case picture
  }

  /// The pixels that are compared in the windows around the holes.
  package enum ErrorRegion: String, CaseIterable, Sendable {
    /// Everywhere, as published: the generator's raw pictures are compared.
    case window
    /// In the holes: the completed pictures are compared, as in the PyTorch port.
    case hole
  }

  /// The number of channels of the generator's first convolution; all others follow. Even.
  package var width = 32
  /// The number of channels of the critics' first convolutions; all others follow.
  package var criticWidth = 64
  /// True if the local critic's last convolution has half of the published channels, as in the PyTorch port.
  package var hasNarrowLocalCritic = false
  /// The height and width of the pictures that the global critic takes, a multiple of 16.
  package var pictureSize = 256
  /// The height and width of the windows that the local critic takes, a multiple of 16.
  package var localSize = 128
  package var padding = DeepFillPadding.same
  package var nearest = DeepFillNearest.alignCorners
  package var holeReduction = HoleReduction.twoSteps
  package var start = Start.published
  /// The number of scales whose predictions are averaged when pictures are filled, 1 or 2; training knows one alone.
  package var testScales = 1
  package var initialization = DeepFillInitialization.glorotUniform
  /// True if neighboring scores of contextual attention strengthen each other.
  package var fuse = true
  /// The second stage's attention.
  package var attention = Self.publishedAttention
  package var attentionReduction = PatchReduction.downsampling
  package var attentionLength = PatchNorm.floored
  package var losses = Losses()
  package var schedule = Schedule()
  /// True if the second stage's branches are computed once more on the way back instead of being kept: less memory for
  /// more time.
  package var checkpointsActivations = false

  /// The weights of the terms that the networks minimize.
  package struct Losses: Hashable, Sendable {
    /// Of minus the critics' mean scores.
    package var adversarial = 0.001
    /// Of the global critic's score beside the local one's.
    package var globalAdversarial = 1.0
    /// Of the discounted errors in the windows.
    package var reconstruction = 1.2
    /// Of the errors of known pixels.
    package var autoencoding = 1.2
    /// Of the first stage's errors beside the second's.
    package var coarse = 1.2
    /// Of the gradient penalty beside the critics' scores.
    package var gradientPenalty = 10.0
    /// The discount of an error for each pixel further from the window's border.
    package var spatialDiscount = 0.9
    package var penaltyRegion = PenaltyRegion.hole
    package var errorRegion = ErrorRegion.window
    /// Of the distance of what shift connections compare from what it should be, if there are any (Yan et al., 2018).
    package var shiftTarget = 0.01

    package init() {}
  }

  /// The turns of the networks.
  package struct Schedule: Hashable, Sendable {
    /// Updates of the critics before each of the generator.
    package var criticUpdates = 5
    /// True if the generator learns from the batch, and the pass, of the critics' last update, as in the PyTorch port.
    /// Otherwise each update draws a batch of its own, as published.
    package var sharesBatch = false
    /// True if the first stage is trained alone, and without critics.
    package var pretrainsCoarse = false

    package init() {}
  }

  package init() {}

  /// The networks of the PyTorch port.
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

  /// 1.25 / √fan-in is the standard deviation with which ELU keeps the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 1.25) }

  var channels: Int { width }
  var guidance: Bool { false }
  package var conditions: [Condition] { start.conditions }
  var refinementTakes: RefinementTakes { .holes }

  var contextualAttention: ContextualAttention {
    ContextualAttention(
      fuses: fuse, reduction: attentionReduction, nearestRule: nearest.rule, patchLength: attentionLength)
  }
}

/// The keys of a configuration that are DeepFill v1's own.
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
    // What goes with a padding in the public files of weights.
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

  /// - Parameter trained: The size of the pictures of a run, which the global critic must take.
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

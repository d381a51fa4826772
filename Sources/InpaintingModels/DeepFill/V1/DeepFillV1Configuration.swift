import NeuralNetworks
import Tensors

/// What a DeepFill v1 can be told: the published model and recipe, and those of its PyTorch port.
package struct DeepFillV1Configuration: ModelConfiguration, Hashable {
  /// How the generator's filters begin.
  package enum FilterInitialization: String, CaseIterable, Sendable {
    /// As published (Glorot and Bengio, 2010). Each ELU lets about two thirds of the variance through, so that a fresh
    /// network's pictures are nearly grey and its first steps are slow.
    case glorotUniform = "glorot_uniform"
    /// Normal with standard deviation 1.25 / √fan-in, with which ELU keeps the mean square of its input.
    case variancePreserving = "variance_preserving"
  }

  /// Which pixels' slopes the gradient penalty looks at.
  package enum PenaltyRegion: String, CaseIterable, Sendable {
    /// Those that are missing, as published.
    case hole
    /// All, as Gulrajani et al. (2017) and the PyTorch port have it.
    case picture
  }

  /// Where pictures are compared in the windows around the holes.
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
  /// Whether the local critic's last convolution has half of the published channels, as in the PyTorch port.
  package var hasNarrowLocalCritic = false
  /// The height and width of the pictures that the global critic takes, a multiple of 16.
  package var pictureSize = 256
  /// The height and width of the windows that the local critic takes, a multiple of 16.
  package var localSize = 128
  package var padding = DeepFillPadding.same
  package var nearest = DeepFillNearest.alignCorners
  package var holeReduction = HoleReduction.twoSteps
  package var initialization = FilterInitialization.glorotUniform
  /// Whether neighbouring scores of contextual attention strengthen each other.
  package var fuse = true
  /// The second stage's attention.
  package var attention = RefinementPath.published
  package var attentionReduction = PatchReduction.downsampling
  package var attentionLength = PatchLength.floored
  package var losses = Losses()
  package var schedule = Schedule()
  /// Whether the second stage's branches are computed once more on the way back instead of being kept: less memory for
  /// more time.
  package var checkpointsActivations = false

  /// The weights of the terms that the networks minimise.
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
    /// What an error counts less for each pixel further from the window's border.
    package var spatialDiscount = 0.9
    package var penaltyRegion = PenaltyRegion.hole
    package var errorRegion = ErrorRegion.window
    /// Of the distance of what shift connections compare from what it should be, if there are any (Yan et al., 2018).
    package var shiftGuidance = 0.01

    package init() {}
  }

  /// How the networks take turns.
  package struct Schedule: Hashable, Sendable {
    /// Updates of the critics before each of the generator.
    package var criticUpdates = 5
    /// Whether the generator learns from the batch, and the pass, of the critics' last update, as in the PyTorch port.
    /// Otherwise each update draws a batch of its own, as published.
    package var sharesBatch = false
    /// Whether the first stage is trained alone, and without critics.
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

  package static let networkNames = ["generator", "critic"]
  package var sizeMultiple: Int { DeepFillV1.Generator.sizeMultiple }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.pictureSize = size
    let local = localSize * size / pictureSize / Critic.reduction * Critic.reduction
    resized.localSize = max(Critic.reduction, local)
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { DeepFillV1(self, seed: seed) }

  var filters: Initializer {
    initialization == .glorotUniform ? .glorotUniform : .kaimingNormal(.input, gain: 1.25)
  }

  var contextualAttention: ContextualAttention {
    ContextualAttention(
      fuses: fuse, reduction: attentionReduction, nearestRule: nearest.rule, patchLength: attentionLength)
  }
}

import NeuralNetworks
import Tensors

/// What a DeepFill v1 can be told: the published model and recipe, and those of its PyTorch port.
public struct DeepFillV1Configuration: ModelConfiguration, Hashable {
  /// How the generator's filters begin.
  public enum FilterInitialization: String, CaseIterable, Sendable {
    /// As published (Glorot and Bengio, 2010). Each ELU lets about two thirds of the variance through, so that a fresh
    /// network's pictures are nearly grey and its first steps are slow.
    case glorotUniform = "glorot_uniform"
    /// Normal with standard deviation 1.25 / √fan-in, with which ELU keeps the mean square of its input.
    case variancePreserving = "variance_preserving"
  }

  /// Which pixels' slopes the gradient penalty looks at.
  public enum PenaltyRegion: String, CaseIterable, Sendable {
    /// Those that are missing, as published.
    case hole
    /// All, as Gulrajani et al. (2017) and the PyTorch port have it.
    case picture
  }

  /// Where pictures are compared in the windows around the holes.
  public enum ErrorRegion: String, CaseIterable, Sendable {
    /// Everywhere, as published: the generator's raw pictures are compared.
    case window
    /// In the holes: the completed pictures are compared, as in the PyTorch port.
    case hole
  }

  /// The number of channels of the generator's first convolution; all others follow. Even.
  public var width = 32
  /// The number of channels of the critics' first convolutions; all others follow.
  public var criticWidth = 64
  /// Whether the local critic's last convolution has half of the published channels, as in the PyTorch port.
  public var hasNarrowLocalCritic = false
  /// The height and width of the pictures that the global critic takes, a multiple of 16.
  public var pictureSize = 256
  /// The height and width of the windows that the local critic takes, a multiple of 16.
  public var localSize = 128
  public var padding = DeepFillPadding.same
  public var nearest = DeepFillNearest.alignCorners
  public var holeReduction = HoleReduction.twoSteps
  public var initialization = FilterInitialization.glorotUniform
  /// Whether neighbouring scores of contextual attention strengthen each other.
  public var fuse = true
  /// The second stage's attention.
  public var attention = RefinementPath.published
  public var attentionReduction = PatchReduction.downsampling
  public var attentionLength = PatchLength.floored
  public var losses = Losses()
  public var schedule = Schedule()
  /// Whether the second stage's branches are computed once more on the way back instead of being kept: less memory for
  /// more time.
  public var checkpointsActivations = false

  /// The weights of the terms that the networks minimise.
  public struct Losses: Hashable, Sendable {
    /// Of minus the critics' mean scores.
    public var adversarial = 0.001
    /// Of the global critic's score beside the local one's.
    public var globalAdversarial = 1.0
    /// Of the discounted errors in the windows.
    public var reconstruction = 1.2
    /// Of the errors of known pixels.
    public var autoencoding = 1.2
    /// Of the first stage's errors beside the second's.
    public var coarse = 1.2
    /// Of the gradient penalty beside the critics' scores.
    public var gradientPenalty = 10.0
    /// What an error counts less for each pixel further from the window's border.
    public var spatialDiscount = 0.9
    public var penaltyRegion = PenaltyRegion.hole
    public var errorRegion = ErrorRegion.window
    /// Of the distance of what shift connections compare from what it should be, if there are any (Yan et al., 2018).
    public var shiftGuidance = 0.01

    public init() {}
  }

  /// How the networks take turns.
  public struct Schedule: Hashable, Sendable {
    /// Updates of the critics before each of the generator.
    public var criticUpdates = 5
    /// Whether the generator learns from the batch, and the pass, of the critics' last update, as in the PyTorch port.
    /// Otherwise each update draws a batch of its own, as published.
    public var sharesBatch = false
    /// Whether the first stage is trained alone, and without critics.
    public var pretrainsCoarse = false

    public init() {}
  }

  public init() {}

  /// The networks of the PyTorch port.
  public static var ported: DeepFillV1Configuration {
    var configuration = DeepFillV1Configuration()
    configuration.padding = .symmetric
    configuration.nearest = .floor
    configuration.holeReduction = .oneStep
    configuration.attentionLength = .offset
    return configuration
  }

  var pretrainsCoarse: Bool { schedule.pretrainsCoarse }

  public static let networkNames = ["generator", "critic"]
  public var sizeMultiple: Int { DeepFillV1.Generator.sizeMultiple }

  public func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.pictureSize = size
    let local = localSize * size / pictureSize / Critic.reduction * Critic.reduction
    resized.localSize = max(Critic.reduction, local)
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  public func makeModel(seed: UInt64) -> any InpaintingModel { DeepFillV1(self, seed: seed) }

  var filters: Initializer {
    initialization == .glorotUniform ? .glorotUniform : .kaimingNormal(.input, gain: 1.25)
  }

  var contextualAttention: ContextualAttention {
    ContextualAttention(
      fuses: fuse, reduction: attentionReduction, nearestRule: nearest.rule, patchLength: attentionLength)
  }
}

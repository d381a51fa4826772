package import InpaintingData
import NeuralNetworks
package import Support
package import Tensors

/// The configuration of a network of partial convolutions: the published model and its public ports.
package struct PartialConvolutionConfiguration: ModelConfiguration, Equatable {
  /// The numbers that the network sees in place of a picture's. Files of weights suit one only.
  package enum InputScale: String, CaseIterable, Sendable {
    /// −1...1, as pictures are everywhere here.
    case signed
    /// The mean 0 and the variance 1 in each color over ImageNet, as in naoto0804's port.
    case imageNet = "imagenet"
  }

  /// The part of the encoder's batch normalization that fine-tuning leaves alone.
  package enum Frozen: String, CaseIterable, Sendable {
    /// Running statistics, scales and shifts.
    case everything
    /// The running statistics only, as in naoto0804's port.
    case statistics
  }

  /// The number of channels of the first layer; those of the others follow, up to eight times as many.
  package var width = 64
  /// The number of times that the encoder halves pictures: published are 7 for 256x256 and 8 for 512x512.
  package var levels = 7
  /// None, as published.
  package var attention: [AttentionEntry] = []
  /// The way in which partial convolutions make up for what is missing.
  package var rule = PartialConvolutionRule.paper
  package var inputScale = InputScale.signed
  /// The pixels in the holes of what the decoder's last layer sees beside its features. Nothing else sees them: to all
  /// other layers holes are holes, whatever the start.
  package var start = Start.published
  /// The number of scales whose predictions are averaged when pictures are filled, 1 or 2; training knows one alone.
  package var testScales = 1
  /// True if the first layer adds a bias, as in mmagic's port.
  package var firstBias = false
  /// 2 for a run that is fine-tuning alone, from weights that were trained before; such runs may also name their phases.
  package var phase = 1
  package var frozen = Frozen.everything
  /// The weights of the terms that the network minimizes.
  package var losses = Losses()
  /// The file of VGG16's weights; nil if there is none.
  package var featureWeights: String?
  /// The failure if features are needed and no file is named.
  private(set) var missingFeatures = Failure(.configuration, sentence: "`losses`: \(needsFeatures)")

  /// One weight a term (Liu et al., 2018, eq. 7).
  package struct Losses: Hashable, Sendable {
    /// Of the mean absolute error of known pixels.
    package var valid: Double = 1
    /// Of the mean absolute error of missing pixels.
    package var hole: Double = 6
    /// Of the differences of VGG16's features.
    package var perceptual: Double = 0.05
    /// Of the differences of their Gram matrices, for the raw and for the completed picture.
    package var style: Double = 120
    /// Of the total variation in and around the hole.
    package var totalVariation: Double = 0.1

    package init() {}
  }

  package init() {}

  package var networkNames: [String] { ["generator"] }
  package var sizeMultiple: Int { MultiScaleTest.sizeMultiple(1 << levels, scales: testScales) }
  package var conditions: [Condition] { start.conditions }

  /// Learns with batch statistics, which holes distort.
  static let training = TrainingPhase(name: "training", networks: ["generator"])
  /// Goes on from there with the encoder's statistics frozen (Liu et al., 2018, section 4.2).
  static let fineTuning = TrainingPhase(name: "fine_tuning", networks: ["generator"])
  package var phases: [TrainingPhase] { phase == 1 ? [Self.training, Self.fineTuning] : [Self.fineTuning] }

  /// The part of the encoder's normalization that fine-tuning freezes.
  var freezing: BatchNorm2d.Freezing { frozen == .everything ? .everything : .statistics }

  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    width = try model.integer("width", in: 1...512, default: width)
    levels = try model.integer("levels", in: 2...8, default: pictureSize.map(Self.usualLevels) ?? levels)
    attention = try [AttentionEntry](model, sites: attentionPlan.sites, usual: [], pictureSize: pictureSize)
    rule = try model.choice("rule", default: rule)
    inputScale = try model.choice("input_scale", default: inputScale)
    start = try model.choice("start", default: start)
    testScales = try MultiScaleTest.scales(model, start: start)
    firstBias = try model.boolean("first_bias", default: firstBias)
    let weights = self.losses
    self.losses.valid = try losses.real("valid", in: .nonNegative, default: weights.valid)
    self.losses.hole = try losses.real("hole", in: .nonNegative, default: weights.hole)
    self.losses.perceptual = try losses.real("perceptual", in: .nonNegative, default: weights.perceptual)
    self.losses.style = try losses.real("style", in: .nonNegative, default: weights.style)
    self.losses.totalVariation = try losses.real("total_variation", in: .nonNegative, default: weights.totalVariation)
    featureWeights = try losses.object("features").optional("weights")?.string()
    // Only training asks for features; who fills pictures reads no losses.
    missingFeatures = losses.failure(Self.needsFeatures)
    phase = try training.integer("phase", in: 1...2, default: phase)
    frozen = try training.choice("frozen", default: frozen)
    if phase == 2, let phases = training.value("phases"), phases.value.content != .null {
      throw phases.failure("expected no `phase` beside it, found 2; leave out one of the two")
    }
  }

  /// 7, where pictures can be halved as often; of smaller ones as many as leave 2 pixels, or an odd number.
  private static func usualLevels(forPictureSize size: Int) -> Int {
    if size.isMultiple(of: 128) { return 7 }
    return max(2, min(size.trailingZeroBitCount, size.bitWidth - 2 - size.leadingZeroBitCount))
  }

  /// 2e-4, and 5e-5 for fine-tuning (Liu et al., 2018, section 4.2).
  package func learningRate(of network: String) -> Double { 2e-4 }

  package func learningRate(of network: String, in phase: TrainingPhase) -> Double {
    phase == Self.fineTuning ? 5e-5 : learningRate(of: network)
  }

  package func reasonForInitialWeights(before phase: TrainingPhase) -> Sentence? {
    guard phase == Self.fineTuning else { return nil }
    return self.phase == 2
      ? """
      `training.phase`: 2 goes on from a network of phase 1, expected its weights, found none; name its run with \
      \(setting: .initialWeights), or train phase 1 first.
      """
      : """
      `training.phases`: `fine_tuning` goes on from a trained network, expected `training` before it, or weights \
      (\(setting: .initialWeights)), found neither.
      """
  }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { PartialConvolution(self, seed: seed) }

  /// True if pictures are compared by VGG16's features too.
  var usesFeatures: Bool { losses.perceptual > 0 || losses.style > 0 }

  private static let needsFeatures: Sentence = """
    `perceptual` and `style` compare pictures by the features of VGG16, whose weights are not part of Kintsugi; name a \
    file of torchvision's vgg16 (\(setting: .key("losses.features.weights", "FILE")); Scripts/fetch-vgg16 FILE gets \
    one), or train without (\(settings: [.key("losses.perceptual", "0"), .key("losses.style", "0")])).
    """
}

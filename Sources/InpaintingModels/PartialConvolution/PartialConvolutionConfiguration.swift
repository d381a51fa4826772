package import InpaintingData
import NeuralNetworks
package import Support
package import Tensors

/// The configuration of the partial convolution U-Net, which covers the published model and its public ports.
package struct PartialConvolutionConfiguration: ModelConfiguration, Equatable {
  /// The range of the network's input values. Weights that were trained with one scale do not work with the other.
  package enum InputScale: String, CaseIterable, Sendable {
    /// −1...1, as in all picture tensors of this package.
    case signed
    /// Mean 0 and variance 1 of each color channel over ImageNet, as in naoto0804's port.
    case imageNet = "imagenet"
  }

  /// The part of the encoder's batch normalization that is frozen during fine-tuning.
  package enum Frozen: String, CaseIterable, Sendable {
    /// Running statistics, scales and shifts (in PyTorch: `running_mean`, `running_var`, `weight`, `bias`).
    case everything
    /// The running statistics only, as in naoto0804's port.
    case statistics
  }

  /// The number of output channels of the encoder's first layer. Deeper layers have up to eight times as many.
  package var width = 64
  /// The number of stride-2 layers of the encoder: as published, 7 for 256x256 pictures and 8 for 512x512.
  package var levels = 7
  /// The attention layers of the network; none, as published.
  package var attention: [AttentionEntry] = []
  /// The renormalization of a partial convolution whose window has missing pixels.
  package var rule = PartialConvolutionRule.paper
  package var inputScale = InputScale.signed
  /// The initial values in the holes of the picture on the last layer's skip connection. All other layers treat pixels
  /// in the holes as missing, whatever the start.
  package var start = Start.published
  /// The number of scales whose predictions are averaged at inference, 1 or 2. Training uses a single scale.
  package var testScales = 1
  /// True if the encoder's first layer has a bias, as in mmagic's port.
  package var firstBias = false
  /// The first phase of a run: 1 for training, or 2 for a run that only fine-tunes weights that were trained before.
  /// The key `phases` of the section `training` is an alternative to this one.
  package var phase = 1
  package var frozen = Frozen.everything
  /// The weights of the loss terms.
  package var losses = Losses()
  /// The path of a file with VGG16's weights; nil if the configuration names none.
  package var featureWeights: String?
  /// The error that is thrown if the loss compares features and no file of weights is named.
  private(set) var missingFeatures = Failure(.configuration, sentence: "`losses`: \(needsFeatures)")

  /// The weights of the terms of the total loss (Liu et al., 2018, eq. 7).
  package struct Losses: Hashable, Sendable {
    /// The weight of the mean absolute error at known pixels.
    package var valid: Double = 1
    /// The weight of the mean absolute error at missing pixels.
    package var hole: Double = 6
    /// The weight of the mean absolute differences of VGG16's features.
    package var perceptual: Double = 0.05
    /// The weight of the mean absolute differences of the features' Gram matrices, for the raw and for the completed
    /// picture.
    package var style: Double = 120
    /// The weight of the total variation in the hole dilated by one pixel.
    package var totalVariation: Double = 0.1

    package init() {}
  }

  package init() {}

  package var networkNames: [String] { ["generator"] }
  package var sizeMultiple: Int { MultiScaleTest.sizeMultiple(1 << levels, scales: testScales) }
  package var conditions: [Condition] { start.conditions }

  /// The first phase, in which batch normalization uses batch statistics, which pixels of the holes distort.
  static let training = TrainingPhase(name: "training", networks: ["generator"])
  /// The second phase, with the encoder's batch normalization frozen (Liu et al., 2018, section 4.2).
  static let fineTuning = TrainingPhase(name: "fine_tuning", networks: ["generator"])
  package var phases: [TrainingPhase] { phase == 1 ? [Self.training, Self.fineTuning] : [Self.fineTuning] }

  /// The part of the encoder's batch normalization that is frozen during fine-tuning.
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
    // Stored and not thrown: only training needs the features, and inference builds models without losses.
    missingFeatures = losses.failure(Self.needsFeatures)
    phase = try training.integer("phase", in: 1...2, default: phase)
    frozen = try training.choice("frozen", default: frozen)
    if phase == 2, let phases = training.value("phases"), phases.value.content != .null {
      throw phases.failure("expected no `phase` beside it, found 2; leave out one of the two")
    }
  }

  /// The default number of levels: 7 if the size is a multiple of 128, else the number of times that it can be halved
  /// before it is odd or 2 pixels, but at least 2.
  private static func usualLevels(forPictureSize size: Int) -> Int {
    if size.isMultiple(of: 128) { return 7 }
    return max(2, min(size.trailingZeroBitCount, size.bitWidth - 2 - size.leadingZeroBitCount))
  }

  /// The learning rate: 2e-4, and 5e-5 for fine-tuning (Liu et al., 2018, section 4.2).
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

  /// True if a loss term compares VGG16's features.
  var usesFeatures: Bool { losses.perceptual > 0 || losses.style > 0 }

  private static let needsFeatures: Sentence = """
    `perceptual` and `style` compare pictures by the features of VGG16, whose weights are not part of Kintsugi; name a \
    file of torchvision's vgg16 (\(setting: .key("losses.features.weights", "FILE")); Scripts/fetch-vgg16 FILE gets \
    one), or train without (\(settings: [.key("losses.perceptual", "0"), .key("losses.style", "0")])).
    """
}

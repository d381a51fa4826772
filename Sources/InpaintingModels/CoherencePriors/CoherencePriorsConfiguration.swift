package import Imaging
package import InpaintingData
package import NeuralNetworks
package import Support
package import Tensors

/// The guidance of a scale's features by the label map of the scale before, weighted by confidence (after SGE-Net, Liao
/// et al., 2020).
package enum SegmentationConfidence: String, CaseIterable, Sendable {
  /// No guidance.
  case none
  /// SPADE on one-hot labels, each multiplied by its probability.
  case soft
  /// SPADE on the one-hot labels whose probability is above one half.
  case hard
}

/// The configuration of inpainting with coherence priors.
package struct CoherencePriorsConfiguration: ModelConfiguration, Equatable {
  /// The channels of the features at half of the size, a multiple of 8; there are half as many at full size, and 2 and
  /// 4 times as many at a quarter and an eighth.
  package var width = 64
  /// The channels of the discriminators' first convolutions; the next three have 2, 4 and 8 times as many.
  package var discriminatorWidth = 64
  package var convolution = ConvolutionType.plain
  package var initialization = DeepFillInitialization.variancePreserving
  /// The initial values in the holes of the encoder's input. Partial convolutions ignore them, whatever the start.
  package var start = Start.published
  /// The classes of the label maps. Nil leaves out the segmentation heads, and attention treats all pixels as one
  /// class.
  package var classes: LabelClasses?
  /// The scales after which attention propagates features within their classes, as base-2 logarithms: 3 is an eighth of
  /// the size.
  package var propagatedScales: Set<Int> = [3, 2]
  package var confidence = SegmentationConfidence.none
  /// The channels of the convolution that a SPADE's scale and shift share.
  package var spadeHidden = 128
  package var losses = Losses()

  /// The weights and options of the terms of the generator's loss.
  package struct Losses: Hashable, Sendable {
    /// The weight of the reconstruction error, a mean over the scales.
    package var reconstruction = 1.0
    /// The weight, within the reconstruction error, of the mean absolute error at missing pixels.
    package var hole = 6.0
    /// The weight, within the reconstruction error, of the mean absolute error at known pixels.
    package var known = 1.0
    /// True if each of these two errors is divided by the number of pixels of its own region, in place of all pixels.
    package var normalizesAreas = false
    /// The weight of the cross-entropy of labels, a mean over the scales.
    package var segmentation = 0.5
    /// The weight of the adversarial term on the completed pictures.
    package var adversarial = 0.1
    /// The weight of the adversarial term of the conditional discriminator, on raw pictures with predicted class
    /// probabilities.
    package var structureCoherence = 0.1
    /// The weight of the distance of textures per class. The default is 10 for the discriminator's features and 120 for
    /// another network's.
    package var textureCoherence = 10.0
    package var textureReference = TextureReference.original
    /// The network whose features the texture term compares; the discriminator if no file of weights is named.
    var features = PerceptualTerm()

    package init() {}
  }

  package init() {}

  package static let sizeMultiple = 8
  package var sizeMultiple: Int { Self.sizeMultiple }

  package var conditions: [Condition] {
    start.conditions + (classes.map { [.labels($0), .requestedLabels($0)] } ?? [])
  }

  package var networkNames: [String] {
    ["generator", "discriminator"] + (classes == nil ? [] : ["structure_critic"])
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { CoherencePriors(self, seed: seed) }

  /// The initialization of filters. With a standard deviation of √2 / √(1 + 0.2²) / √fan-in, a convolution followed by
  /// a leaky ReLU of slope 0.2 preserves the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 1.387) }
}

/// The parsing of the model's keys in a configuration.
extension CoherencePriorsConfiguration {
  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    width = try model.integer("width", in: 8...1024, default: width)
    guard width % 8 == 0 else {
      throw model.failure("`width`: expected a multiple of 8, found \(width); the usual width is 64, a light one 32")
    }
    discriminatorWidth = try model.integer("discriminator_width", in: 1...1024, default: discriminatorWidth)
    if let pictureSize, pictureSize < Self.smallestSize {
      throw model.failure(
        "expected pictures for the critics (`data.size`) of \(Self.smallestSize) pixels or more, found \(pictureSize)")
    }
    convolution = try model.choice("conv_type", default: convolution)
    initialization = try model.choice("initialization", default: initialization)
    start = try model.choice("start", default: start)
    classes = try LabelClasses(namedIn: model)
    if let scales = model.optional("swap_scales") {
      propagatedScales = Set(try scales.array().map { try $0.integer(in: 0...3) })
    }
    confidence = try model.choice("seg_confidence", default: confidence)
    guard classes != nil || confidence == .none else {
      throw model.failure("`seg_confidence`: it is that of predicted labels, expected `classes`, found none")
    }
    spadeHidden = try model.integer("spade_hidden", in: 1...1024, default: spadeHidden)
    self.losses = try Losses(losses, hasClasses: classes != nil, pictureSize: pictureSize)
  }

  private static let smallestSize = 32

  /// Checks that the label maps of the section `data` have the classes of the network.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  package func requireConditions(_ given: [any ConditionSettings]) throws {
    try classes?.requireLabels(given)
  }
}

extension CoherencePriorsConfiguration.Losses {
  fileprivate init(_ reader: JSONReader, hasClasses: Bool, pictureSize: Int?) throws {
    reconstruction = try reader.real("reconstruction", in: .nonNegative, default: reconstruction)
    hole = try reader.real("hole", in: .nonNegative, default: hole)
    known = try reader.real("known", in: .nonNegative, default: known)
    normalizesAreas = try reader.boolean("area_normalize", default: normalizesAreas)
    adversarial = try reader.real("adversarial", in: .nonNegative, default: adversarial)
    guard hasClasses else {
      (segmentation, structureCoherence, textureCoherence) = (0, 0, 0)
      return
    }
    segmentation = try reader.real("segmentation", in: .nonNegative, default: segmentation)
    structureCoherence = try reader.real("structure_coherence", in: .nonNegative, default: structureCoherence)
    textureReference = try reader.choice("texture_reference", default: textureReference)
    features = try PerceptualTerm(reader, pictureSize: pictureSize)
    // 120 is the weight of the style term of Yu et al. (2022), whose Gram matrices have the same divisors.
    textureCoherence = try reader.real(
      "texture_coherence", in: .nonNegative, default: features.weights == nil ? textureCoherence : 120)
  }
}

/// The sizes of networks, inferred from the shapes of their weights.
extension CoherencePriorsConfiguration {
  /// No layouts, because there is no public code.
  package static let weightLayouts: [WeightLayout] = []

  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = CoherencePriorsConfiguration()
    // The width is taken from the first layer only if a large layer agrees with it; otherwise the default is assumed.
    func width(_ first: Shape?, _ last: Shape?, _ published: Int, confirms: (_ width: Int) -> Shape) -> Int? {
      guard first != nil || last != nil else { return nil }
      guard let width = first?.last, (1...1024).contains(width), last == confirms(width) else { return published }
      return width
    }
    let types: [(ConvolutionType, layer: String, gates: Int)] = [
      (.plain, "conv", 1), (.gated, "gatedConv", 2), (.partial, "partialConv", 1),
    ]
    let found = types.first { shape("generator", "encoder.1.\($0.layer).weight") != nil }
    let generator = found.flatMap { type in
      width(
        shape("generator", "scales.2.pictureHidden.weight"), shape("generator", "encoder.3.\(type.layer).weight"),
        published.width
      ) { [3, 3, 2 * $0, 4 * $0 * type.gates] }
    }
    let critic = width(
      shape("discriminator", "convolutions.0.weight"), shape("discriminator", "convolutions.3.weight"),
      published.discriminatorWidth
    ) { [4, 4, 4 * $0, 8 * $0] }
    let propagated = (0...3).filter { shape("generator", "scales.\(3 - $0).propagation.gamma") != nil }
    let guidance = (1...3).compactMap { shape("generator", "scales.\($0).guidance.shared.bias") }.first
    return [
      ("width", generator.map { JSONValue($0) }), ("discriminator_width", critic.map { JSONValue($0) }),
      ("conv_type", found.map { JSONValue($0.0.rawValue) }),
      ("swap_scales", generator.map { _ in JSONValue(.array(propagated.map { JSONValue($0) })) }),
    ] + (guidance.flatMap { $0.first }.map { [("spade_hidden", JSONValue($0))] } ?? [])
  }
}

package import Imaging
package import InpaintingData
package import NeuralNetworks
package import Support
package import Tensors

/// The part that the confidence of a label map plays for the scale after it (after SGE-Net, Liao et al., 2020).
package enum SegmentationConfidence: String, CaseIterable, Sendable {
  /// Nothing: features are not guided by labels.
  case none
  /// Labels guide features by SPADE, each times its probability.
  case soft
  /// The same, with labels of a probability above a half alone.
  case hard
}

/// The configuration of inpainting with coherence priors.
package struct CoherencePriorsConfiguration: ModelConfiguration, Equatable {
  /// The channels of the encoder's features at half of the size; all others follow. A multiple of 8.
  package var width = 64
  /// The channels of the critics' first convolutions; all others follow.
  package var discriminatorWidth = 64
  package var convolution = ConvolutionType.plain
  package var initialization = DeepFillInitialization.variancePreserving
  /// The pixels in the holes of what the encoder sees. Partial convolutions look at none there, whatever the start.
  package var start = Start.published
  /// The classes of the label maps; nil leaves out the heads that predict them, and takes all pixels for one class.
  package var classes: LabelClasses?
  /// The scales behind which features are propagated within their classes, as powers of two: 3 is an eighth of the size.
  package var propagatedScales: Set<Int> = [3, 2]
  package var confidence = SegmentationConfidence.none
  /// The channels of the convolution that scales and shifts share where labels guide features.
  package var spadeHidden = 128
  package var losses = Losses()

  /// The weights of the terms that the generator minimizes, and the forms that they have.
  package struct Losses: Hashable, Sendable {
    /// Of the mean over the scales of the errors.
    package var reconstruction = 1.0
    /// Of errors at missing pixels within that.
    package var hole = 6.0
    /// Of errors at known pixels within that.
    package var known = 1.0
    /// Divides the sums of errors by the pixels that they are of, and not by all.
    package var normalizesAreas = false
    /// Of the mean over the scales of the cross-entropy of labels.
    package var segmentation = 0.5
    /// Of the discriminator's judgment of the completed pictures.
    package var adversarial = 0.1
    /// Of the critic's judgment of pictures beside their label maps.
    package var structureCoherence = 0.1
    /// Of the distance of textures class by class; its usual value depends on where features come from.
    package var textureCoherence = 10.0
    package var textureReference = TextureReference.original
    /// The network whose features have the textures; without weights it is the discriminator.
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

  /// √2 / √(1 + 0.2²) / √fan-in is the standard deviation with which a leaky ReLU of that slope keeps the mean square.
  var filters: Initializer { initialization.rule(gain: 1.387) }
}

/// The keys of a configuration that are coherence priors' own.
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

  /// Checks that the labels are of the classes that the network is to predict.
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
    // The weight of MMT's style term, which has the same divisors.
    textureCoherence = try reader.real(
      "texture_coherence", in: .nonNegative, default: features.weights == nil ? textureCoherence : 120)
  }
}

/// The sizes of networks whose weights are in a file.
extension CoherencePriorsConfiguration {
  /// None: no program was published.
  package static let weightLayouts: [WeightLayout] = []

  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    let published = CoherencePriorsConfiguration()
    // A large layer must confirm the first one, or the usual width is expected.
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

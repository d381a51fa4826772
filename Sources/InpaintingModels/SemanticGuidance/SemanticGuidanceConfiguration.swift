package import Imaging
package import InpaintingData
package import NeuralNetworks
package import Support

/// The configuration of inpainting with semantic guidance.
package struct SemanticGuidanceConfiguration: ModelConfiguration, Equatable {
  /// The function that limits the coarse pictures to −1...1.
  package enum Output: String, CaseIterable, Sendable {
    /// A clamp, as published, whose gradient is 0 outside of the range.
    case clamp
    case tanh
  }

  /// The form of the adversarial loss of the generator and the discriminator.
  package enum AdversarialLoss: String, CaseIterable, Sendable {
    case hinge
    case leastSquares = "lsgan"
  }

  /// The number of channels of the generator's first convolution, even; those of all others are multiples or halves of
  /// it.
  package var width = 32
  /// The number of channels of the discriminator's first convolution; the next three have 2, 4 and 8 times as many.
  package var discriminatorWidth = 64
  /// The height and width of the training pictures, on which the shapes of external spatial attention's weights depend.
  package var pictureSize = 256
  package var output = Output.clamp
  package var initialization = DeepFillInitialization.glorotUniform
  /// The attention layers of the generator.
  package var attention = [AttentionEntry.externalSpatial(at: .parallel, scale: 4, pictureSize: 256)]
  /// The classes of the label map; nil leaves out the label head.
  package var classes: LabelClasses?
  /// The settings of the second stage, which is conditioned on a label map; nil leaves the second stage out.
  package var decoder: Decoder?
  package var losses = Losses()

  /// The settings of the second stage, which requires classes.
  package struct Decoder: Hashable, Sendable {
    /// The channels of the convolution that a SPADE's scale and shift share.
    package var hidden = 128
    /// The normalization inside a SPADE.
    package var norm = SPADE.Norm.instance
    /// The number of channels of the first convolutions of the second stage's discriminator; the others have 2, 4 and 8
    /// times as many.
    package var discriminatorWidth = 64
    /// The fraction of the training samples, in 0...1, that are conditioned on predicted labels in the holes in place
    /// of the true ones.
    package var predictedLabels = 0.3
    /// The fraction of the training samples, at most 1 − `predictedLabels`, that are conditioned on a single class of
    /// the picture in the holes, as a person might paint it.
    package var editedLabels = 0.0
    package var losses = Losses()
    /// The network of the perceptual term, and the file of its weights.
    var features = PerceptualTerm()

    /// The weights of the terms of the second stage's loss.
    package struct Losses: Hashable, Sendable {
      /// The weight of the mean absolute error over all pixels.
      package var fine = 1.0
      /// The weight of the hinge adversarial term on the completed pictures.
      package var adversarial = 1.0
      /// The weight of feature matching: the mean absolute difference of the discriminator's features.
      package var featureMatching = 10.0
      /// The weight of the cross-entropy, at missing pixels, of the labels that the first stage predicts for the
      /// completed pictures against the labels that conditioned the second stage.
      package var labelConsistency = 0.0
      /// The weight of the perceptual term, which requires a file of the weights of `features`.
      package var perceptual = 0.0

      /// True if a term uses the discriminator.
      var usesDiscriminator: Bool { adversarial > 0 || featureMatching > 0 }
    }

    package init() {}
  }

  /// The weights of the terms of the first stage's loss.
  package struct Losses: Hashable, Sendable {
    /// The weight of the mean absolute error at missing pixels.
    package var hole = 6.0
    /// The weight of the mean absolute error at known pixels.
    package var known = 1.0
    /// The weight of the adversarial term on the completed pictures.
    package var adversarial = 0.1
    package var adversarialLoss = AdversarialLoss.hinge
    /// The weight of the cross-entropy of the predicted labels, if there are classes.
    package var segmentation = 0.5
    /// The weights of the classes in the cross-entropy, as PyTorch's `weight`; nil for equal weights.
    package var classWeights: [Double]?

    package init() {}
  }

  /// The published network, without a label head.
  package init() {}

  package var sizeMultiple: Int { deepFillSizeMultiple }
  package var conditions: [Condition] {
    guard let classes else { return [] }
    return [.labels(classes)] + (decoder == nil ? [] : [.requestedLabels(classes)])
  }

  package func resized(toPictures size: Int) -> Self {
    var resized = self
    resized.pictureSize = size
    resized.attention = attention.map { $0.resized(toPictures: size) }
    return resized
  }

  package func makeModel(seed: UInt64) -> any InpaintingModel { SemanticGuidance(self, seed: seed) }

  /// The initialization of filters. With a standard deviation of 1.25 / √fan-in, a convolution followed by ELU
  /// preserves the mean square of its input.
  var filters: Initializer { initialization.rule(gain: 1.25) }
}

/// The parsing of the model's keys in a configuration.
extension SemanticGuidanceConfiguration {
  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize trained: Int?
  ) throws {
    width = try model.integer("width", in: 2...1024, default: width)
    guard width % 2 == 0 else {
      throw model.failure("`width`: expected an even number, found \(width); the published width is 32")
    }
    discriminatorWidth = try model.integer("discriminator_width", in: 1...1024, default: discriminatorWidth)
    pictureSize = try model.integer("picture_size", in: 8...4096, default: trained ?? pictureSize)
    if let trained, trained != pictureSize {
      throw model.failure(
        "`picture_size`: expected `data.size`, which is \(trained), found \(pictureSize); leave it out")
    }
    if let trained, trained < Self.smallestSize {
      throw model.failure(
        "expected pictures for the discriminator (`data.size`) of \(Self.smallestSize) pixels or more, found \(trained)"
      )
    }
    output = try model.choice("output", default: output)
    initialization = try model.choice("initialization", default: initialization)
    classes = try LabelClasses(namedIn: model)
    attention = try [AttentionEntry](
      model, sites: attentionPlan.sites, usual: [["at": "parallel", "kind": "espa"]], pictureSize: pictureSize)
    self.losses = try Losses(losses, classes: classes)
    decoder = try Self.decoder(model, losses: losses, training: training, classes: classes, pictureSize: trained)
  }

  /// The settings of the second stage; nil if `stages` is 1. The default of `stages` is 2 with classes and 1 without.
  private static func decoder(
    _ model: JSONReader, losses: JSONReader, training: JSONReader, classes: LabelClasses?, pictureSize: Int?
  ) throws -> Decoder? {
    let stages = try model.integer("stages", in: 1...2, default: classes == nil ? 1 : 2)
    guard stages == 2 else { return nil }
    guard classes != nil else {
      throw model.failure("`stages`: 2 has a second stage, which fills by labels, expected `classes`, found none")
    }
    var decoder = Decoder()
    decoder.hidden = try model.integer("spade_hidden", in: 1...1024, default: decoder.hidden)
    decoder.norm = try model.choice("spade_norm", default: decoder.norm)
    decoder.discriminatorWidth = try model.integer(
      "decoder_discriminator_width", in: 1...1024, default: decoder.discriminatorWidth)
    decoder.predictedLabels = try training.real("predicted_labels", in: 0...1, default: decoder.predictedLabels)
    decoder.editedLabels = try training.real(
      "edited_labels", in: 0...(1 - decoder.predictedLabels), default: decoder.editedLabels)
    decoder.losses.fine = try losses.real("fine", in: .nonNegative, default: decoder.losses.fine)
    decoder.losses.adversarial = try losses.real(
      "decoder_adversarial", in: .nonNegative, default: decoder.losses.adversarial)
    decoder.losses.featureMatching = try losses.real(
      "feature_matching", in: .nonNegative, default: decoder.losses.featureMatching)
    decoder.losses.labelConsistency = try losses.real(
      "label_consistency", in: .nonNegative, default: decoder.losses.labelConsistency)
    decoder.losses.perceptual = try losses.real(
      "perceptual", in: .nonNegative, default: decoder.losses.perceptual)
    if decoder.losses.perceptual > 0 { decoder.features = try PerceptualTerm(losses, pictureSize: pictureSize) }
    return decoder
  }

  /// The least size of training pictures: instance normalization of the discriminator's last features needs more than
  /// one position.
  private static let smallestSize = 32

  /// Checks that the label maps of the section `data` have the classes of the network.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  package func requireConditions(_ given: [any ConditionSettings]) throws {
    try classes?.requireLabels(given)
  }
}

extension SemanticGuidanceConfiguration.Losses {
  /// - Parameter classes: The classes of the label head; nil if there is no label head.
  fileprivate init(_ reader: JSONReader, classes: LabelClasses?) throws {
    hole = try reader.real("hole", in: .nonNegative, default: hole)
    known = try reader.real("known", in: .nonNegative, default: known)
    adversarial = try reader.real("adversarial", in: .nonNegative, default: adversarial)
    adversarialLoss = try reader.choice("adversarial_loss", default: adversarialLoss)
    guard let classes else { return }
    segmentation = try reader.real("segmentation", in: .nonNegative, default: segmentation)
    guard let weights = reader.optional("class_weights") else { return }
    let factors = try weights.array().map { try $0.real(in: .nonNegative) }
    guard factors.count == classes.count, factors.contains(where: { $0 > 0 }) else {
      throw weights.failure(
        "expected a number for each of the \(classes.count) classes of \(classes.name), one of them above 0, found "
          + "\(factors.count)")
    }
    classWeights = factors
  }
}

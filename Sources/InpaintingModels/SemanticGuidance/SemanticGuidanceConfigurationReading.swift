import Imaging
package import InpaintingData
package import Support

/// The keys of a configuration that are semantic guidance's own.
extension SemanticGuidanceConfiguration {
  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize trained: Int?
  ) throws {
    width = try model.integer("width", in: 2...1024, default: width)
    guard width % 2 == 0 else {
      throw model.failure("`width` must be even, and \(width) is not; the published width is 32")
    }
    discriminatorWidth = try model.integer("discriminator_width", in: 1...1024, default: discriminatorWidth)
    pictureSize = try model.integer("picture_size", in: 8...4096, default: trained ?? pictureSize)
    if let trained, trained != pictureSize {
      throw model.failure(
        "`picture_size` must be `data.size`, which is \(trained), and is \(pictureSize): leave it out")
    }
    if let trained, trained < Self.smallestSize {
      throw model.failure(
        "the discriminator takes pictures (`data.size`) of \(Self.smallestSize) pixels or more, found \(trained)")
    }
    output = try model.choice("output", default: output)
    initialization = try model.choice("initialization", default: initialization)
    classes = try LabelClasses(namedIn: model)
    attention = try [AttentionEntry](
      model, sites: attentionPlan.sites, usual: [["at": "parallel", "kind": "espa"]], pictureSize: pictureSize)
    self.losses = try Losses(losses, classes: classes)
    decoder = try Self.decoder(model, losses: losses, training: training, classes: classes, pictureSize: trained)
  }

  /// The second stage, which there is by `stages`, or where there are classes.
  private static func decoder(
    _ model: JSONReader, losses: JSONReader, training: JSONReader, classes: LabelClasses?, pictureSize: Int?
  ) throws -> Decoder? {
    let stages = try model.integer("stages", in: 1...2, default: classes == nil ? 1 : 2)
    guard stages == 2 else { return nil }
    guard classes != nil else {
      throw model.failure("a second stage (`stages` 2) fills by labels: expected `classes`, found none")
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

  /// The discriminator's last features need more than one pixel to be normalized over.
  private static let smallestSize = 32

  /// Checks that the labels are of the classes that the network is to predict.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  package func requireConditions(_ given: [any ConditionSettings]) throws {
    try classes?.requireLabels(given)
  }
}

extension SemanticGuidanceConfiguration.Losses {
  /// - Parameter classes: The classes of the label head; nil if there is none.
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

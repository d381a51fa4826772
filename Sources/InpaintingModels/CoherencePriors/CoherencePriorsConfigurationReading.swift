import Imaging
package import InpaintingData
import NeuralNetworks
package import Support

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
      throw model.failure("`width` must be a multiple of 8, and \(width) is not; the usual width is 64, a light one 32")
    }
    discriminatorWidth = try model.integer("discriminator_width", in: 1...1024, default: discriminatorWidth)
    if let pictureSize, pictureSize < Self.smallestSize {
      throw model.failure(
        "the critics take pictures (`data.size`) of \(Self.smallestSize) pixels or more, found \(pictureSize)")
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
      throw model.failure("`seg_confidence` is that of predicted labels: expected `classes`, found none")
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

import Imaging
package import InpaintingData
import NeuralNetworks
import Tensors

/// Inpainting with semantic guidance (Yu et al., 2022, "Interactive Image Inpainting Using Semantic Guidance"): a first
/// stage predicts a coarse picture, its features and a label map, which a person may edit; a second stage predicts the
/// fine picture from the features and the map.
///
/// The first stage and its discriminator follow the authors' published code. The label head, the second stage, the
/// losses and the schedule are an interpretation of the paper's abstract.
package final class SemanticGuidance: InpaintingModel, AttentionHost, LabelPredicting {
  package let configuration: SemanticGuidanceConfiguration
  package let generator: FirstStageNetwork
  package let discriminator: SemanticDiscriminator
  /// The second stage; nil if the configuration leaves it out.
  package let decoder: SemanticDecoder?
  package let decoderDiscriminator: MultiscaleDiscriminator?
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let discriminatorParameters: [Parameter]
  let decoderParameters: [Parameter]
  let decoderBuffers: [Buffer]
  let decoderDiscriminatorParameters: [Parameter]
  /// The current training phase; nil before the first one begins, and at inference unless a checkpoint records one.
  private(set) var phase: TrainingPhase?
  /// The fixed network of the perceptual term; nil before `prepareForTraining`, and if the term has weight 0.
  /// `networks` leaves it out, so that it is neither trained nor saved.
  private(set) var perceptual: (any PerceptualTrunk)?

  /// - Precondition: The widths are positive, the generator's even; a second stage has classes.
  package init(_ configuration: SemanticGuidanceConfiguration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 2 == 0 && configuration.discriminatorWidth > 0,
      "SemanticGuidance: no network has the widths \(configuration.width) and \(configuration.discriminatorWidth)")
    precondition(
      configuration.decoder == nil || configuration.classes != nil,
      "SemanticGuidance: expected classes for the second stage, found none")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = FirstStageNetwork(configuration, initialization: initialization["generator"])
    discriminator = SemanticDiscriminator(
      width: configuration.discriminatorWidth, initialization: initialization["discriminator"])
    decoder = configuration.decoder.map {
      SemanticDecoder(
        channels: 4 * configuration.width, mapChannels: configuration.mapChannels, hidden: $0.hidden, norm: $0.norm,
        filters: configuration.filters, initialization: initialization["decoder"])
    }
    decoderDiscriminator = configuration.decoder.map {
      MultiscaleDiscriminator(
        mapChannels: configuration.mapChannels, width: $0.discriminatorWidth,
        initialization: initialization["decoder_discriminator"])
    }
    networks =
      [Network("generator", generator, isAveraged: true), Network("discriminator", discriminator)]
      + (decoder.map { [Network("decoder", $0, isAveraged: true)] } ?? [])
      + (decoderDiscriminator.map { [Network("decoder_discriminator", $0)] } ?? [])
    generatorParameters = generator.parameters
    generatorBuffers = generator.namedBuffers.map(\.buffer)
    discriminatorParameters = discriminator.parameters
    decoderParameters = decoder?.parameters ?? []
    decoderBuffers = decoder?.namedBuffers.map(\.buffer) ?? []
    decoderDiscriminatorParameters = decoderDiscriminator?.parameters ?? []
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }
  var attention: GeneratorAttention { generator.attention }

  /// Reads the weights of the perceptual term's network, if the term has a weight.
  ///
  /// - Throws: As `PerceptualTerm.trunk()`.
  package func prepareForTraining() throws {
    guard let decoder = configuration.decoder, decoder.losses.perceptual > 0 else { return }
    perceptual = try decoder.features.trunk()
  }

  package func begin(_ phase: TrainingPhase) { self.phase = phase }

  /// The prediction. In the first phase, or without a second stage, it has one stage, `coarse`; otherwise also `fine`,
  /// conditioned on the requested labels of the batch in the holes, and on the first stage's labels where there are no
  /// requested ones.
  package func fill(_ batch: InpaintingBatch) -> Prediction {
    phase == .firstStage ? coarsePrediction(batch) : finePrediction(batch)
  }

  /// The prediction of the first stage alone.
  func coarsePrediction(_ batch: InpaintingBatch) -> Prediction {
    let (pictures, features) = generator(batch)
    return Prediction(
      stages: [.init("coarse", pictures)], completed: batch.completed(with: pictures), labelHeadFeatures: features)
  }

  /// The prediction of both stages, or of the first alone if there is no second.
  func finePrediction(_ batch: InpaintingBatch) -> Prediction {
    let coarse = coarsePrediction(batch)
    guard let decoder, let features = coarse.labelHeadFeatures else { return coarse }
    let map = labelMap(batch, coarse)
    let fine = decoder(features, map: map)
    return Prediction(
      stages: coarse.stages + [.init("fine", fine)], completed: batch.completed(with: fine),
      labelHeadFeatures: features,
      conditioningMap: map)
  }

  /// The condition of the second stage: one-hot classes concatenated with the holes, [batch, height, width, classes +
  /// 1]. The classes are the requested ones at missing pixels that have one, and the argmax of the first stage's logits
  /// elsewhere.
  ///
  /// No gradient flows through the argmax.
  private func labelMap(_ batch: InpaintingBatch, _ coarse: Prediction) -> Tensor {
    guard let classes = configuration.classes, let scores = logits(of: coarse) else {
      preconditionFailure("SemanticGuidance: expected classes for the second stage")
    }
    let holes = batch.holes.expanded(to: Array(scores.shape.dropLast()) + [1])
    let predicted = Tensor.oneHot(scores.argmax(), shape: scores.shape)
    guard let requested = batch[.requestedLabels(classes)] else { return concatenate([predicted, holes], axis: -1) }
    let isRequested = requested.sum(axes: [-1]) * holes
    return concatenate([requested * isRequested + predicted * (1 - isRequested), holes], axis: -1)
  }

  var predictedClasses: LabelClasses? { configuration.classes }
  /// The classes that can be requested; nil in the first phase, before the second stage is trained.
  var requestedClasses: LabelClasses? { decoder == nil || phase == .firstStage ? nil : configuration.classes }

  func predictedLabels(of batch: InpaintingBatch) -> [LabelMap]? { predictedLabels(coarsePrediction(batch)) }

  func predictedLabels(_ prediction: Prediction) -> [LabelMap]? {
    guard let classes = configuration.classes, let logits = logits(of: prediction) else { return nil }
    return LabelMap.maps(ofLargest: logits, classes: classes)
  }

  /// The label head's logits, [batch, height, width, classes]; nil if there is no label head.
  func logits(of prediction: Prediction) -> Tensor? {
    guard let labelHead = generator.labelHead, let features = prediction.labelHeadFeatures else { return nil }
    return labelHead(features)
  }
}

extension SemanticGuidanceConfiguration {
  /// The channels of the second stage's condition: one for each class, and one for the hole.
  var mapChannels: Int { (classes?.count ?? 0) + 1 }

  package var networkNames: [String] { TrainingPhase.joint.networks.dropLast(decoder == nil ? 2 : 0) }

  /// The phases of a run; without a second stage there is only one.
  package var phases: [TrainingPhase] {
    decoder == nil ? [.firstStage] : [.firstStage, .secondStage, .joint]
  }

  /// The learning rate: 4e-4 for `decoder_discriminator`, 1e-4 for the other networks, and a tenth of that in the joint
  /// phase.
  package func learningRate(of network: String, in phase: TrainingPhase) -> Double {
    let rate = network == "decoder_discriminator" ? 4e-4 : 1e-4
    return phase == .joint ? rate / 10 : rate
  }
}

extension TrainingPhase {
  /// The first stage alone.
  static let firstStage = TrainingPhase(name: "first_stage", networks: ["generator", "discriminator"])
  /// The second stage alone, on the features and labels of a frozen first stage.
  static let secondStage = TrainingPhase(name: "second_stage", networks: ["decoder", "decoder_discriminator"])
  /// Both stages; the second stage's loss also reaches the first stage, through its features.
  static let joint = TrainingPhase(
    name: "joint", networks: ["generator", "discriminator", "decoder", "decoder_discriminator"])
}

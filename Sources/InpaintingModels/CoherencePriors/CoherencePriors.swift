import Imaging
package import InpaintingData
import NeuralNetworks
import Tensors

/// Inpainting guided by coherence priors of semantics and textures (Liao et al., 2021, "Image Inpainting Guided by
/// Coherence Priors of Semantics and Textures"): at each of four scales a picture and a label map are predicted from
/// shared features, attention propagates features within their classes, and two losses measure the coherence of
/// pictures with their label maps and of textures with their classes.
///
/// There is no public code, and neither tables of layers nor formulas were available: both are an interpretation of the
/// paper's abstract and of the authors' earlier work.
package final class CoherencePriors: InpaintingModel, LabelPredicting {
  package let configuration: CoherencePriorsConfiguration
  package let generator: CoherenceNetwork
  /// The discriminator of pictures.
  package let discriminator: PatchCritic
  /// The discriminator of pictures concatenated with label maps; nil if there are no classes.
  package let structureCritic: PatchCritic?
  package let networks: [Network]
  let generatorParameters: [Parameter]
  /// The fixed network whose features the texture term compares; nil before `prepareForTraining`, and if the term uses
  /// the discriminator's features or has weight 0. `networks` leaves it out, so that it is neither trained nor saved.
  private(set) var textureTrunk: (any PerceptualTrunk)?

  /// - Precondition: The width is a positive multiple of 8.
  package init(_ configuration: CoherencePriorsConfiguration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 8 == 0 && configuration.discriminatorWidth > 0,
      "CoherencePriors: no network has the widths \(configuration.width) and \(configuration.discriminatorWidth)")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = CoherenceNetwork(configuration, initialization: initialization["generator"])
    discriminator = PatchCritic(
      inputChannels: 3, width: configuration.discriminatorWidth, initialization: initialization["discriminator"])
    structureCritic = configuration.classes.map {
      PatchCritic(
        inputChannels: 3 + $0.count, width: configuration.discriminatorWidth,
        initialization: initialization["structure_critic"])
    }
    networks =
      [Network("generator", generator, isAveraged: true), Network("discriminator", discriminator)]
      + (structureCritic.map { [Network("structure_critic", $0)] } ?? [])
    generatorParameters = generator.parameters
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }

  /// Reads the weights of the texture term's network, if the term has a weight and the configuration names a file.
  ///
  /// - Throws: As `PerceptualTerm.trunk()`.
  package func prepareForTraining() throws {
    let losses = configuration.losses
    guard losses.textureCoherence > 0, losses.features.weights != nil else { return }
    textureTrunk = try losses.features.trunk()
  }

  /// The prediction, with four stages from the decoder's scales: `eighth`, `quarter` and `half`, upsampled to the
  /// picture's size by nearest neighbor and detached, and `fine`, which fills the holes.
  package func fill(_ batch: InpaintingBatch) -> Prediction {
    let scales = generator(batch)
    let stages = zip(["eighth", "quarter", "half", "fine"], scales).enumerated().map { number, scale in
      Prediction.Stage(
        scale.0, number == 3 ? scale.1.pictures : scale.1.pictures.detached().upsampledNearest(by: 8 >> number))
    }
    return Prediction(
      stages: stages, completed: configuration.start.completed(batch, with: stages[3].pictures), scales: scales)
  }

  var predictedClasses: LabelClasses? { configuration.classes }
  var requestedClasses: LabelClasses? { configuration.classes }

  func predictedLabels(of batch: InpaintingBatch) -> [LabelMap]? { predictedLabels(fill(batch)) }

  func predictedLabels(_ prediction: Prediction) -> [LabelMap]? {
    guard let classes = configuration.classes, let logits = prediction.scales.last?.logits else { return nil }
    return LabelMap.maps(ofLargest: logits, classes: classes)
  }

  func predictedLabelsOfScales(_ prediction: Prediction) -> [(name: String, maps: [LabelMap])] {
    guard let classes = configuration.classes else { return [] }
    let (height, width) = (prediction.completed.shape[1], prediction.completed.shape[2])
    return zip(prediction.stages, prediction.scales).dropLast().compactMap { stage, scale in
      scale.logits.map { logits in
        let maps = LabelMap.maps(ofLargest: logits, classes: classes)
        return (stage.name, maps.map { $0.resized(toWidth: width, height: height) })
      }
    }
  }
}

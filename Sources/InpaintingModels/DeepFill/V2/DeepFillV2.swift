package import InpaintingData
import NeuralNetworks
import Tensors

/// DeepFill v2: free-form inpainting with gated convolutions and contextual attention (Yu et al., 2019, "Free-Form
/// Image Inpainting with Gated Convolution").
package final class DeepFillV2: InpaintingModel, AttentionHost {
  package let configuration: DeepFillV2Configuration
  let generator: DeepFillGenerator<GatedConv2d>
  package let discriminator: PatchDiscriminator
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let discriminatorParameters: [Parameter]
  /// The fixed network of the perceptual term; nil before `prepareForTraining`, and if the term has weight 0.
  /// `networks` leaves it out, so that it is neither trained, averaged nor saved.
  private(set) var perceptual: (any PerceptualTrunk)?

  /// - Precondition: The widths are positive, the generator's a multiple of 4.
  package init(_ configuration: DeepFillV2Configuration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 4 == 0 && configuration.discriminatorWidth > 0,
      "DeepFillV2: no network has the widths \(configuration.width) and \(configuration.discriminatorWidth)")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = DeepFillGenerator(configuration, initialization: initialization["generator"])
    discriminator = PatchDiscriminator(configuration, initialization: initialization["discriminator"])
    networks = [Network("generator", generator, isAveraged: true), Network("discriminator", discriminator)]
    generatorParameters = generator.parameters
    generatorBuffers = generator.namedBuffers.map(\.buffer)
    discriminatorParameters = discriminator.parameters
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }
  var attention: GeneratorAttention { generator.refinement.attention }

  /// Reads the weights of the perceptual term's network, if the term has a weight.
  ///
  /// - Throws: As `PerceptualTerm.trunk()`.
  package func prepareForTraining() throws {
    if configuration.losses.perceptual > 0 { perceptual = try configuration.features.trunk() }
  }

  /// The prediction, with the stages `coarse`, if there is a first stage, and `refined`.
  package func fill(_ batch: InpaintingBatch) -> Prediction {
    let (coarse, refined, shifted) = generator.predictionOverScales(batch)
    return Prediction(
      stages: (coarse.map { [.init("coarse", $0)] } ?? []) + [.init("refined", refined)],
      completed: configuration.start.completed(batch, with: refined), shifted: shifted)
  }
}

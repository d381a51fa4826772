package import InpaintingData
import NeuralNetworks
import Tensors

/// Free-form inpainting with gated convolutions and contextual attention (Yu et al., 2019, "Free-Form Image Inpainting
/// with Gated Convolution").
package final class DeepFillV2: InpaintingModel, AttentionHost {
  package let configuration: DeepFillV2Configuration
  let generator: DeepFillGenerator<GatedConv2d>
  package let discriminator: PatchDiscriminator
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let discriminatorParameters: [Parameter]
  /// The network that judges completed pictures by its features; nil until `prepareForTraining`, or if no term asks for it.
  /// In none of the networks, so that it is neither changed, averaged nor saved.
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

  /// Reads the weights of the perceptual term's network, if it has a weight.
  ///
  /// - Throws: As `PerceptualTerm.trunk()`.
  package func prepareForTraining() throws {
    if configuration.losses.perceptual > 0 { perceptual = try configuration.features.trunk() }
  }

  package func fill(_ batch: InpaintingBatch) -> Filling {
    let (coarse, refined, shifted) = generator.tested(batch)
    return Filling(
      stages: (coarse.map { [.init("coarse", $0)] } ?? []) + [.init("refined", refined)],
      completed: configuration.start.completed(batch, with: refined), shifted: shifted)
  }
}

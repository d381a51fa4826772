import InpaintingData
import NeuralNetworks
import Tensors

/// Free-form inpainting with gated convolutions and contextual attention (Yu et al., 2019, "Free-Form Image Inpainting
/// with Gated Convolution").
package final class DeepFillV2: InpaintingModel {
  package let configuration: DeepFillV2Configuration
  package let generator: Generator
  package let discriminator: PatchDiscriminator
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let discriminatorParameters: [Parameter]

  /// - Precondition: The widths are positive, the generator's a multiple of 4.
  package init(_ configuration: DeepFillV2Configuration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 4 == 0 && configuration.discriminatorWidth > 0,
      "DeepFillV2: no network has the widths \(configuration.width) and \(configuration.discriminatorWidth)")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = Generator(configuration, initialization: initialization["generator"])
    discriminator = PatchDiscriminator(configuration, initialization: initialization["discriminator"])
    networks = [Network("generator", generator), Network("discriminator", discriminator)]
    generatorParameters = generator.parameters
    generatorBuffers = generator.namedBuffers.map(\.buffer)
    discriminatorParameters = discriminator.parameters
  }

  package var sizeMultiple: Int { Generator.sizeMultiple }
  package var usesGuidance: Bool { configuration.guidance }
  package var insertions: [AttentionInsertion] { generator.refinement.attention.insertions }

  package func fill(_ batch: InpaintingBatch) -> Filling {
    let (coarse, refined, shifted) = generator(batch)
    return Filling(
      stages: [.init("coarse", coarse), .init("refined", refined)], completed: batch.completed(with: refined),
      shifted: shifted)
  }
}

package import InpaintingData
import NeuralNetworks
import Tensors

/// DeepFill v1: inpainting with contextual attention (Yu et al., 2018, "Generative Image Inpainting with Contextual
/// Attention").
package final class DeepFillV1: InpaintingModel, AttentionHost {
  package let configuration: DeepFillV1Configuration
  let generator: DeepFillGenerator<Conv2d>
  package let critic: CriticPair
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let criticParameters: [Parameter]

  /// - Precondition: The widths are positive, the generator's even, and the sizes are multiples of 16.
  package init(_ configuration: DeepFillV1Configuration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 2 == 0 && configuration.criticWidth > 0,
      "DeepFillV1: no network has the widths \(configuration.width) and \(configuration.criticWidth)")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = DeepFillGenerator(configuration, initialization: initialization["generator"])
    critic = CriticPair(configuration, initialization: initialization["critic"])
    networks = [Network("generator", generator, isAveraged: true), Network("critic", critic)]
    generatorParameters = generator.parameters
    generatorBuffers = generator.namedBuffers.map(\.buffer)
    criticParameters = critic.parameters
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }
  var attention: GeneratorAttention { generator.refinement.attention }

  /// The prediction, with the stages `coarse` and `refined`. If the configuration trains the first stage alone, it has
  /// `coarse` only, which then fills the holes.
  package func fill(_ batch: InpaintingBatch) -> Prediction {
    let noCoarse = "DeepFillV1: its generator always has a first stage"
    guard !configuration.pretrainsCoarse else {
      guard let coarse = generator.coarsePictures(batch) else { preconditionFailure(noCoarse) }
      return Prediction(
        stages: [.init("coarse", coarse)], completed: configuration.start.completed(batch, with: coarse))
    }
    let (coarse, refined, shifted) = generator.predictionOverScales(batch)
    guard let coarse else { preconditionFailure(noCoarse) }
    return Prediction(
      stages: [.init("coarse", coarse), .init("refined", refined)],
      completed: configuration.start.completed(batch, with: refined), shifted: shifted)
  }
}

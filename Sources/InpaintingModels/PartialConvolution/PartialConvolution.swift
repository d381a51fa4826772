package import InpaintingData
import NeuralNetworks
import Tensors

/// Inpainting of irregular holes with partial convolutions (Liu et al., 2018, "Image Inpainting for Irregular Holes Using
/// Partial Convolutions").
package final class PartialConvolution: InpaintingModel, AttentionHost {
  package let configuration: PartialConvolutionConfiguration
  package let generator: PartialUNet
  package let networks: [Network]
  let generatorParameters: [Parameter]
  /// The fixed VGG16 of the perceptual and style terms; nil before `prepareForTraining`, and if both terms have weight
  /// 0. `networks` leaves it out, so that it is neither trained, averaged nor saved.
  private(set) var features: VGG16Features?

  /// - Precondition: The width is positive, and there are 2 to 8 levels.
  package init(_ configuration: PartialConvolutionConfiguration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && (2...8).contains(configuration.levels),
      "PartialConvolution: no network has the width \(configuration.width) and \(configuration.levels) levels")
    self.configuration = configuration
    generator = PartialUNet(configuration, initialization: Initialization(seed: seed)["generator"])
    networks = [Network("generator", generator, isAveraged: true)]
    generatorParameters = generator.parameters
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }
  var attention: GeneratorAttention { generator.attention }

  /// Reads the weights of VGG16 if the perceptual or the style term has a weight.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the configuration names no file of weights, `missingInput`,
  ///   `data` or `inputOutput`.
  package func prepareForTraining() throws {
    guard configuration.usesFeatures else { return }
    guard let path = configuration.featureWeights else { throw configuration.missingFeatures }
    features = try VGG16Features(weights: WeightFile(path: path))
  }

  package func begin(_ phase: TrainingPhase) {
    let isFineTuning = phase == PartialConvolutionConfiguration.fineTuning
    generator.freezeEncoder(isFineTuning ? configuration.freezing : .nothing)
  }

  /// The prediction, with one stage, `output`. The stage is the raw output of the network; in the holes of the
  /// completed pictures it is clamped to −1...1.
  package func fill(_ batch: InpaintingBatch) -> Prediction {
    var output = generator(batch)
    if configuration.testScales > 1 { output = MultiScaleTest.pictures(output, batch, by: generator.callAsFunction) }
    return Prediction(
      stages: [.init("output", output)], completed: batch.completed(with: clamp(output, -1, 1)))
  }
}

import Imaging
import InpaintingData
import NeuralNetworks
import Tensors

/// Inpainting with semantic guidance (Yu et al., 2022, "Interactive Image Inpainting Using Semantic Guidance"): its first
/// stage, which makes a coarse picture, the features that it is made of, and a label map.
///
/// The networks are the authors' own as far as they are published; the label head, the losses and the schedule are this
/// program's reading of the paper's abstract.
package final class SemanticGuidance: InpaintingModel, AttentionHost, LabelPredicting {
  package let configuration: SemanticGuidanceConfiguration
  package let generator: FirstStageNetwork
  package let discriminator: SemanticDiscriminator
  package let networks: [Network]
  let generatorParameters: [Parameter]
  let generatorBuffers: [Buffer]
  let discriminatorParameters: [Parameter]

  /// - Precondition: The widths are positive, the generator's even.
  package init(_ configuration: SemanticGuidanceConfiguration = .init(), seed: UInt64) {
    precondition(
      configuration.width > 0 && configuration.width % 2 == 0 && configuration.discriminatorWidth > 0,
      "SemanticGuidance: no network has the widths \(configuration.width) and \(configuration.discriminatorWidth)")
    self.configuration = configuration
    let initialization = Initialization(seed: seed)
    generator = FirstStageNetwork(configuration, initialization: initialization["generator"])
    discriminator = SemanticDiscriminator(
      width: configuration.discriminatorWidth, initialization: initialization["discriminator"])
    networks = [Network("generator", generator, isAveraged: true), Network("discriminator", discriminator)]
    generatorParameters = generator.parameters
    generatorBuffers = generator.namedBuffers.map(\.buffer)
    discriminatorParameters = discriminator.parameters
  }

  package var sizeMultiple: Int { configuration.sizeMultiple }
  package var conditions: [Condition] { configuration.conditions }
  var attention: GeneratorAttention { generator.attention }

  /// One stage, `coarse`. Labels of the batch play no part in it.
  package func fill(_ batch: InpaintingBatch) -> Filling {
    let (pictures, features) = generator(batch)
    return Filling(
      stages: [.init("coarse", pictures)], completed: batch.completed(with: pictures), reconstructed: features)
  }

  func predictedLabels(_ filling: Filling) -> [LabelMap]? {
    guard let classes = configuration.classes, let logits = logits(of: filling) else { return nil }
    let (height, width) = (logits.shape[1], logits.shape[2])
    let positions = logits.argmax()
    return (0..<logits.shape[0]).map { sample in
      LabelMap(
        width: width, height: height,
        values: positions[sample * height * width..<(sample + 1) * height * width].map { UInt8($0) },
        classes: classes)
    }
  }

  /// The scores of classes for each pixel, [batch, height, width, classes]; nil if the network knows of none.
  func logits(of filling: Filling) -> Tensor? {
    guard let labelHead = generator.labelHead, let features = filling.reconstructed else { return nil }
    return labelHead(features)
  }
}

import Imaging
import InpaintingData
import NeuralNetworks
import Tensors

/// The first stage of inpainting with semantic guidance: DeepFill v1's coarse network with external spatial attention
/// parallel to its dilated layers. The decoder takes the sum of both branches (Yu et al., 2022; layers and wiring as in
/// the authors' published `networks.py`).
///
/// The label head is an interpretation: the paper's abstract says that a semantic mask follows from the first stage's
/// result, and no public code says how.
package final class FirstStageNetwork: Module {
  let coarse: DeepFillCoarseNetwork<Conv2d>
  let attention: GeneratorAttention
  /// The segmentation head; nil if the configuration has no classes.
  let labelHead: LabelHead?
  private let output: SemanticGuidanceConfiguration.Output
  /// The condition that holds requested labels; nil without a second stage or without classes.
  private let requested: Condition?

  init(_ configuration: SemanticGuidanceConfiguration, initialization: Initialization) {
    coarse = DeepFillCoarseNetwork(
      inputs: 5, channels: configuration.width,
      layer: DeepFillLayers(
        padding: .symmetric, filters: configuration.filters, start: .published, initialization: initialization["coarse"]
      ))
    attention = GeneratorAttention(
      configuration.attentionPlan, contextual: ContextualAttention(nearestRule: .floor), initialization: initialization)
    labelHead = configuration.classes.map {
      LabelHead(
        channels: 4 * configuration.width, classes: $0.count, filters: configuration.filters,
        initialization: initialization["labelHead"])
    }
    output = configuration.output
    requested = configuration.decoder == nil ? nil : configuration.classes.map { .requestedLabels($0) }
  }

  /// The coarse pictures in −1...1, [batch, height, width, 3], and the decoder's features before upsampling, [batch,
  /// height / 4, width / 4, 4 · `width` of the configuration].
  ///
  /// - Precondition: Height and width are multiples of 8.
  func callAsFunction(_ batch: InpaintingBatch) -> (pictures: Tensor, features: Tensor) {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % deepFillSizeMultiple == 0 && width % deepFillSizeMultiple == 0 && height > 0 && width > 0,
      "Semantic guidance: expected a height and width that are multiples of \(deepFillSizeMultiple), found "
        + "\(height)x\(width); pad or crop the pictures")
    let pictures = batch.known
    var inputs = AttentionInputs(holes: batch.holes, pictures: pictures) {
      HoleReduction.oneStep.reduced($0, .floor, by: $1)
    }
    func attended(_ part: GeneratorPart, _ scale: Int, _ x: Tensor) -> Tensor {
      attention(part, scale: scale, x, inputs)
    }
    // A channel of ones lets the network tell zero padding from gray.
    let plane = Array(pictures.shape.dropLast()) + [1]
    let input = concatenate([pictures, .ones(plane), batch.holes.expanded(to: plane)], axis: -1)
    let encoded = coarse.encoded(input)
    let dilated = attended(.bottleneck, 4, coarse.dilated(encoded))
    let joined = attention.isAt(.parallel, scale: 4) ? dilated + attended(.parallel, 4, encoded) : dilated
    let decoded = joined.through(coarse.conv11, coarse.conv12)
    if attention.needsLabels { inputs = inputs.with(labels: labels(decoded, batch)) }
    let features = attended(.decoder, 4, decoded)
    let half = attended(.decoder, 2, features.through(coarse.conv13, coarse.conv14))
    let full = attended(.decoder, 1, half.through(coarse.conv15, coarse.conv16))
    return (output(coarse.conv17(full)), features)
  }

  /// The one-hot classes for attention in the decoder, [batch, height, width, classes]: requested ones in the hole, if
  /// there are any, and the label head's argmax elsewhere. No gradient flows through them.
  private func labels(_ features: Tensor, _ batch: InpaintingBatch) -> Tensor {
    guard let labelHead else { preconditionFailure("FirstStageNetwork: expected a label head for attention by labels") }
    let scores = labelHead(features.detached()).detached()
    let predicted = Tensor.oneHot(scores.argmax(), shape: scores.shape)
    guard let map = requested.flatMap({ batch[$0] }) else { return predicted }
    let isRequested = map.sum(axes: [-1]) * batch.holes
    return map * isRequested + predicted * (1 - isRequested)
  }
}

extension SemanticGuidanceConfiguration {
  /// The attention layers of the network, and all sites for attention.
  var attentionPlan: AttentionPlan {
    let quarter = 4 * width
    let hasLabels = classes != nil
    return AttentionPlan(
      attention,
      sites: [
        AttentionSite(.parallel, scale: 4, channels: quarter, sizeMultiple: 2),
        AttentionSite(.bottleneck, scale: 4, channels: quarter, sizeMultiple: 2),
        AttentionSite(.decoder, scale: 4, channels: quarter, sizeMultiple: 2, hasLabels: hasLabels),
        AttentionSite(.decoder, scale: 2, channels: 2 * width, sizeMultiple: 4, hasLabels: hasLabels),
        AttentionSite(.decoder, scale: 1, channels: width / 2, sizeMultiple: 8, hasLabels: hasLabels),
      ])
  }
}

extension SemanticGuidanceConfiguration.Output {
  /// Limits the last convolution's output, of any shape, to −1...1.
  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .clamp: Tensors.clamp(x, -1, 1)
    case .tanh: Tensors.tanh(x)
    }
  }
}

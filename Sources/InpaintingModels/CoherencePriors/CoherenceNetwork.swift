import InpaintingData
import NeuralNetworks
import Tensors

/// The generator with coherence priors: an encoder to an eighth of the size, a context module, and a decoder of four scales
/// that make a picture and a label map each, between the first of which features are propagated within their classes (after
/// Liao et al., 2021; the tables of layers are this program's own, as none were published).
package final class CoherenceNetwork: Module {
  let encoder: [CoherenceConv]
  let context: ContextModule
  /// The deepest first: an eighth, a quarter, half and all of the size.
  let scales: [CoherenceScale]
  private let classes: Condition?
  private let confidence: SegmentationConfidence

  init(_ configuration: CoherencePriorsConfiguration, initialization: Initialization) {
    let width = configuration.width
    let channels = [width / 2, width, 2 * width, 4 * width]
    func convolution(_ number: Int, from inputs: Int, to outputs: Int, kernel: Int, stride: Int) -> CoherenceConv {
      CoherenceConv(
        configuration.convolution, from: inputs, to: outputs, kernel: kernel, stride: stride,
        initialization: initialization["encoder.\(number)"].with(weights: configuration.filters))
    }
    encoder =
      [convolution(0, from: 4, to: channels[0], kernel: 5, stride: 1)]
      + (1...3).map { convolution($0, from: channels[$0 - 1], to: channels[$0], kernel: 3, stride: 2) }
      + [convolution(4, from: channels[3], to: channels[3], kernel: 3, stride: 1)]
    context = ContextModule(
      channels: channels[3], filters: configuration.filters, initialization: initialization["context"])
    scales = (0..<4).reversed().map { depth in
      CoherenceScale(
        configuration, channels: channels[depth], deeper: depth == 3 ? nil : channels[depth + 1],
        skip: channels[depth], propagates: configuration.propagatedScales.contains(depth),
        initialization: initialization["scales.\(3 - depth)"])
    }
    classes = configuration.classes.map { .requestedLabels($0) }
    confidence = configuration.confidence
  }

  /// The pictures and scores of all scales, the deepest first.
  ///
  /// - Precondition: Height and width are multiples of 8.
  func callAsFunction(_ batch: InpaintingBatch) -> [Filling.Scale] {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % 8 == 0 && width % 8 == 0 && height > 0 && width > 0,
      "Coherence priors: expected a height and width that are multiples of 8, found \(height)x\(width); pad or crop the "
        + "pictures")
    let plane = Array(batch.images.shape.dropLast()) + [1]
    let input = concatenate([batch.known, batch.holes.expanded(to: plane)], axis: -1)
    var skips = [encoder[0](KnownFeatures(input, known: 1 - batch.holes))]
    for layer in encoder.dropFirst() { skips.append(layer(skips[skips.count - 1])) }
    let requested = classes.flatMap { batch[$0] }.map { $0 * batch.holes }
    var x = context(skips[4].values, hole: batch.holes.reducedByMaximum(by: 8))
    var labels: ScaleLabels?
    return scales.enumerated().map { number, scale in
      let divisor = 8 >> number
      let features = scale.features(x, labels, skip: skips[3 - number])
      let logits = scale.logits(features)
      let previous = labels
      labels = logits.map {
        ScaleLabels(
          $0, requested: requested?.resizedNearest(height: height / divisor, width: width / divisor),
          confidence: confidence)
      }
      let hole = hole(batch.holes.reducedByMaximum(by: divisor), previous)
      x = scale.propagation?(features, classes: labels?.classes, hole: hole) ?? features
      return Filling.Scale(pictures: scale.pictures(features), logits: logits)
    }
  }

  /// The holes of a scale, with the pixels of which the scale before was not sure, if that counts.
  private func hole(_ holes: Tensor, _ labels: ScaleLabels?) -> Tensor {
    guard confidence != .none, let labels else { return holes }
    return maximum(holes, labels.isUncertain.upsampledNearest(by: 2))
  }
}

extension Tensor {
  /// Holes at a fraction of their height and width: a cell is known only if all of its pixels are, so that thin strokes stay.
  func reducedByMaximum(by divisor: Int) -> Tensor {
    divisor == 1 ? self : detached().maxPool(kernel: divisor, stride: divisor)
  }
}

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
  private let start: Start
  private let requests: Condition?
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
    start = configuration.start
    requests = configuration.classes.map { .requestedLabels($0) }
    confidence = configuration.confidence
  }

  /// The pictures and scores of all scales, the deepest first.
  ///
  /// A class is asked for where it is requested in the hole and is not what the network decides on at full size by itself. So a
  /// map that was shown changes nothing, bit for bit, when it is given back, and of an edited one the edits count alone: the
  /// coarser scales, which may have decided otherwise than the last, keep their own labels and confidence elsewhere.
  ///
  /// - Precondition: Height and width are multiples of 8, and the batch has the start's condition.
  func callAsFunction(_ batch: InpaintingBatch) -> [Filling.Scale] {
    guard let requested = requests.flatMap({ batch[$0] }).map({ $0 * batch.holes }),
      requested.elements.contains(where: { $0 != 0 })
    else { return scales(batch, edits: nil) }
    guard let own = scales(batch, edits: nil).last?.logits?.detached() else {
      preconditionFailure("CoherenceNetwork: expected label heads, found none")
    }
    return scales(batch, edits: requested * (1 - .oneHot(own.argmax(), shape: own.shape)))
  }

  /// - Parameter edits: The one-hot classes that take the place of the network's own, zeros where there are none: [batch, height,
  ///   width, classes].
  private func scales(_ batch: InpaintingBatch, edits: Tensor?) -> [Filling.Scale] {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % 8 == 0 && width % 8 == 0 && height > 0 && width > 0,
      "Coherence priors: expected a height and width that are multiples of 8, found \(height)x\(width); pad or crop the "
        + "pictures")
    let plane = Array(batch.images.shape.dropLast()) + [1]
    let input = concatenate([start.pictures(of: batch), batch.holes.expanded(to: plane)], axis: -1)
    var skips = [encoder[0](KnownFeatures(input, known: 1 - batch.holes))]
    for layer in encoder.dropFirst() { skips.append(layer(skips[skips.count - 1])) }
    let started = start.predictsResidual ? batch.started : nil
    var x = context(skips[4].values, hole: batch.holes.reducedByMaximum(by: 8))
    var labels: ScaleLabels?
    return scales.enumerated().map { number, scale in
      let divisor = 8 >> number
      let features = scale.features(x, labels, skip: skips[3 - number])
      let logits = scale.logits(features)
      let previous = labels
      labels = logits.map {
        ScaleLabels(
          $0, requested: edits?.resizedNearest(height: height / divisor, width: width / divisor),
          confidence: confidence)
      }
      let holes = batch.holes.reducedByMaximum(by: divisor)
      x = scale.propagation?(features, classes: labels?.classes, hole: hole(holes, previous)) ?? features
      let pictures = scale.pictures(features, addedTo: started?.averagePool(kernel: divisor), hole: holes)
      return Filling.Scale(pictures: pictures, logits: logits)
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

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
    let started = start.predictsResidual ? batch.initialPictures : nil
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

/// The kind of the convolutions of a network with coherence priors.
package enum ConvolutionType: String, CaseIterable, Sendable {
  case plain
  /// Gated by a second half of channels (Yu et al., 2019), with ELU.
  case gated
  /// Of the known pixels alone (Liu et al., 2018).
  case partial
}

/// A convolution, instance normalization and leaky ReLU.
///
/// Input and output [batch, height, width, channels], with what of them is known; plain and gated convolutions take all for
/// known.
final class CoherenceConv: Module {
  /// One of the three.
  let conv: Conv2d?
  let gatedConv: GatedConv2d?
  let partialConv: PartialConv2d?

  init(
    _ type: ConvolutionType, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1,
    initialization: Initialization
  ) {
    // What a bias adds, the normalization takes away.
    conv =
      type != .plain
      ? nil
      : Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: false,
        initialization: initialization)
    gatedConv =
      type != .gated
      ? nil
      : GatedConv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, activation: .elu,
        initialization: initialization)
    partialConv =
      type != .partial
      ? nil
      : PartialConv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: false,
        initialization: initialization)
  }

  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures {
    if let partialConv { return normalized(partialConv(x)) }
    return normalized(convolved(x.values))
  }

  /// The features of a deeper scale, doubled in height and width, beside those that skip to it.
  func callAsFunction(doubled x: Tensor, beside skip: KnownFeatures) -> Tensor {
    if let partialConv { return normalized(partialConv(doubled: everywhere(x), beside: skip)).values }
    return normalized(convolved(concatenate([x.upsampledNearest(by: 2), skip.values], axis: -1))).values
  }

  private func convolved(_ x: Tensor) -> KnownFeatures {
    guard let layer: any Layer = conv ?? gatedConv else {
      preconditionFailure("CoherenceConv: expected a convolution, found none")
    }
    return everywhere(layer(x))
  }

  private func normalized(_ x: KnownFeatures) -> KnownFeatures {
    KnownFeatures(instanceNormalized(x.values, activation: .leakyReLU(slope: 0.2)), known: x.known)
  }

  private func everywhere(_ x: Tensor) -> KnownFeatures {
    KnownFeatures(x, known: .ones([1, x.shape[1], x.shape[2], 1]))
  }
}

/// A context inference module: completes an encoder's features before a decoder sees them, by attention of missing pixels to
/// known ones, and four dilated convolutions side by side that are added (after Liao et al., 2021, who have such a module; its
/// layers here are this program's own).
///
/// z + conv(ReLU(conv(z, 1)) ‖ ReLU(conv(z, 2)) ‖ ReLU(conv(z, 4)) ‖ ReLU(conv(z, 8))), z being the attention's output.
final class ContextModule: Module {
  private let attention = SemanticAttention()
  let groups: [Conv2d]
  let joining: Conv2d

  /// - Parameter channels: A multiple of 4.
  init(channels: Int, filters: Initializer, initialization: Initialization) {
    groups = .dilatedConvolutions(channels: channels, initialization: initialization.with(weights: filters))
    joining = Conv2d(
      inputChannels: channels, outputChannels: channels, kernel: 1,
      initialization: initialization["joining"].with(weights: filters))
  }

  /// - Parameters:
  ///   - x: [batch, height, width, channels].
  ///   - hole: [batch or 1, height, width, 1].
  func callAsFunction(_ x: Tensor, hole: Tensor) -> Tensor {
    let attended = attention(x, classes: nil, hole: hole)
    return attended + joining(groups.concatenatedOutputs(attended))
  }
}

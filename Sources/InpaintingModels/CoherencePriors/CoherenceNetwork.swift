import InpaintingData
import NeuralNetworks
import Tensors

/// The generator with coherence priors: an encoder with three stride-2 layers, a context module at an eighth of the
/// size, and a decoder of four scales, each with a picture head and a segmentation head. After some scales, by default
/// the two deepest, attention propagates features between positions of the same class (after Liao et al., 2021, who
/// published no tables of layers).
package final class CoherenceNetwork: Module {
  let encoder: [CoherenceConv]
  let context: ContextModule
  /// The scales of the decoder, the deepest first: an eighth, a quarter, half and all of the size.
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

  /// The pictures and logits of all scales, the deepest first.
  ///
  /// A requested class counts as an edit only where it differs, in the hole, from the network's own prediction at full
  /// size. So requesting the predicted map changes no bit of the output, and of an edited map only the edits have an
  /// effect: elsewhere the coarser scales, whose predictions may differ from the last scale's, keep their own labels
  /// and confidence.
  ///
  /// - Precondition: Height and width are multiples of 8, and the batch has the condition of the start, if any.
  func callAsFunction(_ batch: InpaintingBatch) -> [Prediction.Scale] {
    guard let requested = requests.flatMap({ batch[$0] }).map({ $0 * batch.holes }),
      requested.sum().scalar > 0
    else { return scales(batch, edits: nil) }
    guard let own = scales(batch, edits: nil).last?.logits?.detached() else {
      preconditionFailure("CoherenceNetwork: expected label heads, found none")
    }
    return scales(batch, edits: requested * (1 - .oneHot(own.argmax(), shape: own.shape)))
  }

  /// - Parameter edits: The one-hot classes that replace the predicted ones, zeros where nothing is edited:
  ///   [batch, height, width, classes].
  private func scales(_ batch: InpaintingBatch, edits: Tensor?) -> [Prediction.Scale] {
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
      return Prediction.Scale(pictures: pictures, logits: logits)
    }
  }

  /// The holes of a scale, [batch or 1, height, width, 1], joined with the uncertain positions of the scale before if
  /// labels guide features.
  private func hole(_ holes: Tensor, _ labels: ScaleLabels?) -> Tensor {
    guard confidence != .none, let labels else { return holes }
    return maximum(holes, labels.isUncertain.upsampledNearest(by: 2))
  }
}

extension Tensor {
  /// Holes downsampled by max pooling, so that thin strokes stay: a position is missing if any of its pixels is.
  /// [batch, height, width, 1] becomes [batch, height / divisor, width / divisor, 1].
  func reducedByMaximum(by divisor: Int) -> Tensor {
    divisor == 1 ? self : detached().maxPool(kernel: divisor, stride: divisor)
  }
}

/// The kind of convolution in the encoder and the decoder's entry layers.
package enum ConvolutionType: String, CaseIterable, Sendable {
  case plain
  /// Gated convolutions with ELU (Yu et al., 2019).
  case gated
  /// Partial convolutions (Liu et al., 2018).
  case partial
}

/// A convolution, instance normalization and leaky ReLU.
///
/// Input and output are [batch, height, width, channels] with a known mask. Plain and gated convolutions ignore the
/// mask of the input, and the mask of their output is all ones.
final class CoherenceConv: Module {
  /// The convolution: exactly one of the three properties is not nil.
  let conv: Conv2d?
  let gatedConv: GatedConv2d?
  let partialConv: PartialConv2d?

  init(
    _ type: ConvolutionType, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1,
    initialization: Initialization
  ) {
    // No bias, which instance normalization would remove.
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

  /// The output, with its known mask.
  func callAsFunction(_ x: KnownFeatures) -> KnownFeatures {
    if let partialConv { return normalized(partialConv(x)) }
    return normalized(convolved(x.values))
  }

  /// The output for a deeper scale's features, upsampled by 2 (nearest neighbor) and concatenated with a skip
  /// connection: [batch, 2 · height, 2 · width, channels].
  func callAsFunction(upsampling x: Tensor, concatenating skip: KnownFeatures) -> Tensor {
    if let partialConv { return normalized(partialConv(upsampling: everywhere(x), concatenating: skip)).values }
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

/// A context inference module between encoder and decoder: attention from missing positions to known ones, then a
/// residual branch of four parallel dilated convolutions (after Liao et al., 2021, whose layers are not public).
///
/// The output is z + conv(ReLU(conv(z, 1)) ‖ ReLU(conv(z, 2)) ‖ ReLU(conv(z, 4)) ‖ ReLU(conv(z, 8))), where z is the
/// output of the attention, the second argument is the dilation, and ‖ concatenates channels.
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

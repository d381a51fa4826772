import Imaging
import NeuralNetworks
import Tensors

/// A scale of the decoder with coherence priors: shared features, a picture head and a segmentation head (after Liao et
/// al., 2021, whose layers are not public).
final class CoherenceScale: Module {
  /// The first layer; nil at the deepest scale, whose features are the context module's output.
  let entry: CoherenceConv?
  /// The SPADE that conditions features on the labels of the scale before; nil without such guidance.
  let guidance: SPADE?
  let residual1, residual2: Conv2d?
  /// The segmentation head; nil if there are no classes.
  let labelHidden, labelScore: Conv2d?
  let pictureHidden, picture: Conv2d
  /// The attention that propagates features within their classes before the next scale; nil without it.
  let propagation: SemanticPropagation?

  /// - Parameters:
  ///   - deeper: The channels of the scale before; nil at the deepest scale.
  ///   - skip: The channels of the skip connection.
  init(
    _ configuration: CoherencePriorsConfiguration, channels: Int, deeper: Int?, skip: Int, propagates: Bool,
    initialization: Initialization
  ) {
    func convolution(
      _ name: String, to outputs: Int, kernel: Int = 3, bias: Bool = true, filters: Initializer? = nil
    ) -> Conv2d {
      Conv2d(
        inputChannels: channels, outputChannels: outputs, kernel: kernel, bias: bias,
        initialization: initialization[name].with(weights: filters ?? configuration.filters))
    }
    entry = deeper.map {
      CoherenceConv(
        configuration.convolution, from: $0 + skip, to: channels,
        initialization: initialization["entry"].with(weights: configuration.filters))
    }
    let classes = configuration.classes?.count
    guidance =
      deeper != nil && configuration.confidence != .none
      ? classes.map {
        SPADE(
          channels: channels, mapChannels: $0, hidden: configuration.spadeHidden,
          initialization: initialization["guidance"])
      } : nil
    residual1 = deeper == nil ? nil : convolution("residual1", to: channels, bias: false)
    residual2 = deeper == nil ? nil : convolution("residual2", to: channels, bias: false)
    labelHidden = classes.map { _ in convolution("labelHidden", to: channels) }
    labelScore = classes.map { convolution("labelScore", to: $0, kernel: 1) }
    pictureHidden = convolution("pictureHidden", to: channels)
    picture = convolution("picture", to: 3, filters: configuration.start.predictsResidual ? .zeros : nil)
    propagation =
      propagates ? SemanticPropagation(channels: channels, initialization: initialization["propagation"]) : nil
  }

  /// The features that both heads share, [batch, height, width, channels].
  ///
  /// - Parameters:
  ///   - deeper: The features of the scale before, [batch, height / 2, width / 2, channels]; at the deepest scale, the
  ///     context module's output, which is returned unchanged.
  ///   - labels: The labels of the scale before; nil at the deepest scale, or without classes.
  ///   - skip: The encoder's features at this scale.
  func features(_ deeper: Tensor, _ labels: ScaleLabels?, skip: KnownFeatures) -> Tensor {
    guard let entry, let residual1, let residual2 else { return deeper }
    var x = entry(upsampling: deeper, concatenating: skip)
    if let guidance, let labels { x = guidance(x, map: labels.conditioning) }
    let inner = instanceNormalized(residual1(x), activation: .leakyReLU(slope: 0.2))
    return x + instanceNormalized(residual2(inner))
  }

  /// The raw pictures, [batch, height, width, 3]: in −1...1 by tanh or, if the network predicts residuals, the initial
  /// fill plus the residual inside the holes.
  ///
  /// - Parameters:
  ///   - started: The pictures with the initial fill in the holes, at this scale; nil if the head predicts pictures and
  ///     not residuals.
  ///   - hole: [batch or 1, height, width, 1].
  func pictures(_ x: Tensor, addedTo started: Tensor?, hole: Tensor) -> Tensor {
    let output = picture(Self.leaky(pictureHidden(x)))
    return started.map { $0 + output * hole } ?? tanh(output)
  }

  /// The logits of classes, [batch, height, width, classes]; nil if there are no classes.
  func logits(_ x: Tensor) -> Tensor? {
    guard let labelHidden, let labelScore else { return nil }
    return labelScore(Self.leaky(labelHidden(x)))
  }

  private static let leaky = Activation.leakyReLU(slope: 0.2)
}

/// The argmax labels of a scale, for the attention of this scale and the guidance of the next.
struct ScaleLabels {
  /// The class of each position, in row-major order of [batch, height, width].
  let classes: [Int]
  /// The input of the next scale's SPADE: one-hot classes times the confidence, [batch, height, width, classes].
  let conditioning: Tensor
  /// 1 where the confidence is at most one half, else 0: [batch, height, width, 1].
  let isUncertain: Tensor

  /// - Parameters:
  ///   - logits: [batch, height, width, classes].
  ///   - requested: One-hot classes that replace the predicted ones with confidence 1, zeros where there are none, in
  ///     the shape of `logits`.
  init(_ logits: Tensor, requested: Tensor?, confidence: SegmentationConfidence) {
    let logits = logits.detached()
    let isRequested = requested?.sum(axes: [-1])
    let predicted = logits.argmax()
    classes = requested.map { zip($0.indicesOfMaxima(), predicted).map { $0 ?? $1 } } ?? predicted
    let labels = Tensor.oneHot(classes, shape: logits.shape)
    let probability = (softmax(logits) * labels).sum(axes: [-1])
    let sureness = isRequested.map { $0 + (1 - $0) * probability } ?? probability
    isUncertain = sureness.isAtMost(0.5)
    conditioning = labels * (confidence == .hard ? 1 - isUncertain : sureness)
  }
}

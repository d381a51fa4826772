import Imaging
import NeuralNetworks
import Tensors

/// A scale of a decoder with coherence priors: shared features, from which one head makes a picture and another the scores of
/// classes (after Liao et al., 2021; layers are this program's own).
final class CoherenceScale: Module {
  /// Nil at the deepest scale, whose features are the context module's.
  let entry: CoherenceConv?
  /// Nil if features do not follow the labels of the scale before.
  let guidance: SPADE?
  let residual1, residual2: Conv2d?
  /// Nil if there are no classes.
  let labelHidden, labelScore: Conv2d?
  let pictureHidden, picture: Conv2d
  /// Nil if features go on as they are.
  let propagation: SemanticPropagation?

  /// - Parameters:
  ///   - deeper: The channels of the scale before; nil at the deepest.
  ///   - skip: Those of the encoder's features of this size.
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

  /// The features that both heads see.
  ///
  /// - Parameters:
  ///   - deeper: The features of the scale before, half as high and wide, and what is known of the labels there.
  ///   - skip: The encoder's features of this size.
  func features(_ deeper: Tensor, _ labels: ScaleLabels?, skip: KnownFeatures) -> Tensor {
    guard let entry, let residual1, let residual2 else { return deeper }
    var x = entry(doubled: deeper, beside: skip)
    if let guidance, let labels { x = guidance(x, map: labels.guidance) }
    let inner = instanceNormalized(residual1(x), activation: .leakyReLU(slope: 0.2))
    return x + instanceNormalized(residual2(inner))
  }

  /// The raw pictures, [batch, height, width, 3]: in −1...1, or what a start and, inside the holes, the head's output add up to.
  ///
  /// - Parameters:
  ///   - started: The pictures with their start in the holes, of this size; nil if the head makes whole pictures.
  ///   - hole: [batch or 1, height, width, 1].
  func pictures(_ x: Tensor, addedTo started: Tensor?, hole: Tensor) -> Tensor {
    let output = picture(Self.leaky(pictureHidden(x)))
    return started.map { $0 + output * hole } ?? tanh(output)
  }

  /// The scores of classes, [batch, height, width, classes]; nil if there are none.
  func logits(_ x: Tensor) -> Tensor? {
    guard let labelHidden, let labelScore else { return nil }
    return labelScore(Self.leaky(labelHidden(x)))
  }

  private static let leaky = Activation.leakyReLU(slope: 0.2)
}

/// The labels that a scale has decided on, for its own attention and for the next scale.
struct ScaleLabels {
  /// The class of each pixel, row by row, picture by picture.
  let classes: [Int]
  /// The classes as they guide the next scale: one-hot, times the confidence, [batch, height, width, classes].
  let guidance: Tensor
  /// 1 where the confidence is at most a half, [batch, height, width, 1].
  let isUncertain: Tensor

  /// - Parameters:
  ///   - logits: [batch, height, width, classes].
  ///   - requested: One-hot classes in the place of the predicted ones, zeros where there are none: the logits' shape.
  init(_ logits: Tensor, requested: Tensor?, confidence: SegmentationConfidence) {
    let logits = logits.detached()
    let count = logits.shape[3]
    var classes = logits.argmax()
    let probabilities = softmax(logits).elements
    var sureness = classes.indices.map { probabilities[$0 * count + classes[$0]] }
    if let requested = requested?.elements {
      for pixel in classes.indices {
        guard let name = (0..<count).first(where: { requested[pixel * count + $0] != 0 }) else { continue }
        (classes[pixel], sureness[pixel]) = (name, 1)
      }
    }
    self.classes = classes
    let plane = Array(logits.shape.dropLast()) + [1]
    let factors: [Scalar] = confidence == .hard ? sureness.map { $0 > 0.5 ? 1 : 0 } : sureness
    guidance = Tensor.oneHot(classes, shape: logits.shape) * Tensor(factors, shape: plane)
    isUncertain = Tensor(sureness.map { $0 > 0.5 ? 0 : 1 }, shape: plane)
  }
}

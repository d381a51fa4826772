package import Imaging
package import InpaintingData
import Kernels
import NeuralNetworks
import Support
package import Tensors

/// The output of a model for a batch of pictures with holes: predicted and completed pictures, and intermediate results
/// that losses need.
package struct Prediction: Sendable {
  /// The prediction of one stage of the model, such as the coarse network.
  package struct Stage: Sendable {
    package let name: String
    /// The raw output of the stage, at missing and known pixels: [batch, height, width, 3].
    package let pictures: Tensor

    package init(_ name: String, _ pictures: Tensor) {
      self.name = name
      self.pictures = pictures
    }
  }

  /// The output of a multi-scale decoder at one scale.
  struct Scale: Sendable {
    /// The predicted pictures, [batch, height / scale, width / scale, 3], in −1...1; they may exceed it slightly if the
    /// network predicts residuals.
    let pictures: Tensor
    /// The logits of classes, [batch, height / scale, width / scale, classes]; nil without classes.
    let logits: Tensor?
  }

  /// The stages in the order of computation.
  package let stages: [Stage]
  /// The known pixels, bit for bit, and those of the last stage in the holes: [batch, height, width, 3].
  package let completed: Tensor
  /// The features for the loss of shift connections; empty if the model has none.
  let shifted: [ShiftedFeatures]
  /// The features that the label head takes, [batch, height / 4, width / 4, channels]; nil for models other than
  /// `SemanticGuidance`.
  let labelHeadFeatures: Tensor?
  /// The outputs of all scales of a multi-scale decoder, the deepest first; empty for other models.
  let scales: [Scale]
  /// The label map that conditioned the last stage, one-hot, concatenated with the holes:
  /// [batch, height, width, classes + 1]. Nil if there was none.
  let conditioningMap: Tensor?

  package init(stages: [Stage], completed: Tensor) {
    self.init(stages: stages, completed: completed, labelHeadFeatures: nil)
  }

  /// The completed picture of one example, with optional seamless blending and added detail.
  ///
  /// - Parameters:
  ///   - example: The example of which this is the output.
  ///   - pasting: The blending of the prediction into the hole; see `Pasting`.
  ///   - detail: The strength of the detail that is copied from patches of the known picture, 0...1.
  /// - Returns: [1, height, width, 3] in −1...1; with seamless blending or added detail, values are rounded to 8 bits.
  ///   Without both, and for a prediction that is not finite, `completed`.
  package func completed(of example: Example, pasting: Pasting, detail: Double = 0) -> Tensor {
    guard let last = stages.last, last.pictures.isFinite, pasting == .seamless || detail > 0 else { return completed }
    let known = example.picture.rgb()
    let pasted =
      pasting == .seamless
      ? SeamlessPaste.paste(Picture(last.pictures), into: known, hole: example.hole, threads: Threads.count)
      : Picture(completed)
    return PatchDetail(strength: detail).added(to: pasted, of: known, hole: example.hole, threads: Threads.count).tensor
  }

  init(
    stages: [Stage], completed: Tensor, shifted: [ShiftedFeatures] = [], labelHeadFeatures: Tensor? = nil,
    conditioningMap: Tensor? = nil, scales: [Scale] = []
  ) {
    self.scales = scales
    self.shifted = shifted
    self.labelHeadFeatures = labelHeadFeatures
    self.conditioningMap = conditioningMap
    self.stages = stages
    self.completed = completed
  }
}

/// The forward passes of a generator on a batch that is used for the discriminator's update first and then for the
/// generator's.
///
/// A batch of a single leaf (micro-batch) has one forward pass, recorded on a tape, for both updates. With several
/// leaves, one tape per leaf would have to be kept until the discriminator's update, which is the memory that leaves
/// save: each leaf has two forward passes, one without a tape for the discriminator and one with a tape for the
/// generator. In both cases the generator's buffers (running statistics, power iterations) advance once, in the
/// generator's update, so that results do not depend on the number of leaves that a process has.
final class GeneratorPass {
  private let parameters: [Parameter]
  private let buffers: [Buffer]
  private let fill: (InpaintingBatch) -> Prediction
  private var kept: (tape: Tape, prediction: Prediction, buffers: [Tensor])?

  /// - Parameters:
  ///   - parameters, buffers: The generator's.
  ///   - fill: The generator's forward pass.
  init(parameters: [Parameter], buffers: [Buffer], fill: @escaping (InpaintingBatch) -> Prediction) {
    self.parameters = parameters
    self.buffers = buffers
    self.fill = fill
  }

  /// The output for the discriminator's update. The caller must detach the tensors that it uses.
  func ahead(_ leaf: StepBatch.Leaf, of batch: StepBatch) -> Prediction {
    buffers.preserved {
      guard batch.hasOneLeaf else { return fill(leaf.batch) }
      let pass = record(leaf)
      kept = (pass.tape, pass.prediction, buffers.map(\.value))
      return pass.prediction
    }
  }

  /// The output for the generator's update, with the tape that recorded the forward pass. A pass that `ahead` recorded
  /// is returned once.
  func recorded(_ leaf: StepBatch.Leaf) -> (tape: Tape, prediction: Prediction) {
    guard let kept else { return record(leaf) }
    self.kept = nil
    buffers.restore(kept.buffers)
    return (kept.tape, kept.prediction)
  }

  private func record(_ leaf: StepBatch.Leaf) -> (tape: Tape, prediction: Prediction) {
    let tape = Tape(watching: parameters)
    return (tape, tape.record { fill(leaf.batch) })
  }
}

/// Multi-scale test-time augmentation of networks that predict residuals. The residual is the mean of two predictions:
/// one for the pictures, and one for the pictures downsampled by 2 and flipped horizontally, where holes are half as
/// wide.
///
/// The errors of both predictions differ, so that their mean has a smaller error, for a quarter more time and no
/// training. Averaging over scales and flips is usual in segmentation (Zhao et al., 2017, "Pyramid Scene Parsing
/// Network").
enum MultiScaleTest {
  /// The number of scales, 1 or 2: the key `test_scales` of the section `model`.
  ///
  /// - Throws: `Failure` of the kind `configuration`.
  static func scales(_ model: JSONReader, start: Start) throws -> Int {
    let scales = try model.integer("test_scales", in: 1...2, default: 1)
    guard scales == 1 || start.predictsResidual else {
      throw model.failure(
        "`test_scales`: 2 averages what is added to a start, expected \"start\": \"harmonic\" or \"patches\", found "
          + "\"published\"")
    }
    return scales
  }

  /// The number of which the pictures' height and width must be multiples, for a network that needs multiples of `own`
  /// at each of `scales` scales.
  static func sizeMultiple(_ own: Int, scales: Int) -> Int { own * scales }

  /// The mean of both scales' predictions in the holes, and `pictures` outside of them: [batch, height, width, 3].
  ///
  /// - Parameters:
  ///   - pictures: The network's raw output for `batch`, [batch, height, width, 3].
  ///   - network: The forward pass. Its raw output must be the initial fill outside of the holes.
  static func pictures(
    _ pictures: Tensor, _ batch: InpaintingBatch, by network: (InpaintingBatch) -> Tensor
  ) -> Tensor {
    let half = batch.halved().flippedHorizontally()
    let added = (AttentionObservation.paused { network(half) } - half.initialPictures).flippedHorizontally()
    let (height, width) = (pictures.shape[1], pictures.shape[2])
    let other = batch.initialPictures + added.resizedBilinear(height: height, width: width) * batch.holes
    return (pictures + other) * 0.5
  }
}

package import Imaging
package import InpaintingData
import Kernels
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

package import Imaging
package import InpaintingData
import Kernels
package import Tensors

/// A model's predictions for pictures with holes.
package struct Filling: Sendable {
  /// A picture on the way to the result, such as a first, coarse guess.
  package struct Stage: Sendable {
    package let name: String
    /// The network's raw output, [batch, height, width, 3], also where pixels were known.
    package let pictures: Tensor

    package init(_ name: String, _ pictures: Tensor) {
      self.name = name
      self.pictures = pictures
    }
  }

  /// The output of a decoder at one of its scales.
  struct Scale: Sendable {
    /// In −1...1, nearly so with a start: [batch, height there, width there, 3].
    let pictures: Tensor
    /// Scores of classes, [batch, height there, width there, classes]; nil if it knows of none.
    let logits: Tensor?
  }

  /// In the order of their making.
  package let stages: [Stage]
  /// The known pixels, bit for bit, with the last stage's in the holes: [batch, height, width, 3].
  package let completed: Tensor
  /// The features that a loss of training compares, if the model has shift connections.
  let shifted: [ShiftedFeatures]
  /// The features that labels are predicted from, if the model predicts any.
  let reconstructed: Tensor?
  /// The outputs of all scales of a decoder, the deepest first, if it has an output at each.
  let scales: [Scale]
  /// The label map that the last stage followed, one channel a class, and the holes; nil if it followed none.
  let followed: Tensor?

  package init(stages: [Stage], completed: Tensor) {
    self.init(stages: stages, completed: completed, reconstructed: nil)
  }

  /// The completed picture of one example, its last stage put into the hole in a way of one's choice.
  ///
  /// - Parameters:
  ///   - example: The one that was filled.
  ///   - detail: The strength of the detail that patches of the known picture add, 0...1.
  /// - Returns: [1, height, width, 3] in −1...1; pasted seamlessly or with detail, values are those of 8 bits.
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
    stages: [Stage], completed: Tensor, shifted: [ShiftedFeatures] = [], reconstructed: Tensor? = nil,
    followed: Tensor? = nil, scales: [Scale] = []
  ) {
    self.scales = scales
    self.shifted = shifted
    self.reconstructed = reconstructed
    self.followed = followed
    self.stages = stages
    self.completed = completed
  }
}

package import Imaging
package import InpaintingData
import Kernels
import NeuralNetworks
import Support
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

/// A generator's passes through a batch that serves its adversary first and then itself.
///
/// Of a single leaf the pass is recorded once and serves both. Of several, a tape each would have to be kept until the
/// adversary has changed, and that is the memory that leaves save: every leaf is passed through twice, for the adversary
/// without a tape, and again for the generator. Its buffers advance for the generator alone, in either case: a process with
/// one leaf and another with several come to the same.
final class GeneratorPass {
  private let parameters: [Parameter]
  private let buffers: [Buffer]
  private let fill: (InpaintingBatch) -> Filling
  private var kept: (tape: Tape, filling: Filling, buffers: [Tensor])?

  /// - Parameter parameters, buffers: Those of the generator.
  init(parameters: [Parameter], buffers: [Buffer], fill: @escaping (InpaintingBatch) -> Filling) {
    self.parameters = parameters
    self.buffers = buffers
    self.fill = fill
  }

  /// The filling of a leaf for the adversary, which must detach what it takes of it.
  func ahead(_ leaf: StepBatch.Leaf, of batch: StepBatch) -> Filling {
    buffers.preserved {
      guard batch.hasOneLeaf else { return fill(leaf.batch) }
      let pass = record(leaf)
      kept = (pass.tape, pass.filling, buffers.map(\.value))
      return pass.filling
    }
  }

  /// The same pass on a tape, for the generator itself. A tape that was kept is handed out once.
  func recorded(_ leaf: StepBatch.Leaf) -> (tape: Tape, filling: Filling) {
    guard let kept else { return record(leaf) }
    self.kept = nil
    buffers.restore(kept.buffers)
    return (kept.tape, kept.filling)
  }

  private func record(_ leaf: StepBatch.Leaf) -> (tape: Tape, filling: Filling) {
    let tape = Tape(watching: parameters)
    return (tape, tape.record { fill(leaf.batch) })
  }
}

/// Multi-scale testing of networks that add to a start: what is added is the mean of two predictions, one for the pictures
/// and one for pictures of half their size, with left and right exchanged, where holes are half as wide.
///
/// Their errors are not the same, so that the mean has fewer, for a quarter more time and no training. Averaging over
/// scales and mirrored pictures is usual in segmentation (Zhao et al., 2017, "Pyramid Scene Parsing Network").
enum MultiScaleTest {
  /// The number of scales as a configuration's `test_scales` gives it, 1 or 2.
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

  /// The divisor of heights and widths of a network that is tested at `scales` scales and itself needs multiples of `own`.
  static func sizeMultiple(_ own: Int, scales: Int) -> Int { own * scales }

  /// The mean of the two scales' pictures in the holes, [batch, height, width, 3]; outside, `pictures`.
  ///
  /// - Parameters:
  ///   - pictures: The network's for the batch itself.
  ///   - network: Raw pictures for a batch, the start outside the holes.
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

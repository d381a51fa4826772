import InpaintingData
import NeuralNetworks
import Tensors

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

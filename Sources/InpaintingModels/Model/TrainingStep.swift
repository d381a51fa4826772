package import InpaintingData
import Support
package import Tensors

/// The trainer's interface for one training step of a model: batches, random numbers, and updates with gradient
/// accumulation.
///
/// A batch is divided into leaves (micro-batches) of equally many samples. The model computes the gradients of one
/// leaf. The trainer processes one leaf after the other, frees a leaf's activations before the next one, averages the
/// gradients over all leaves in a fixed order, and runs the optimizer. Batch statistics are computed per leaf.
package protocol TrainingStep {
  /// The source of the step's random numbers.
  var randomness: StepRandomness { get }

  /// Loads the next batch; each call returns another one.
  func nextBatch() throws -> StepBatch

  /// The element-wise mean over all leaves of some numbers per leaf, such as the divisors of a loss.
  func mean(over batch: StepBatch, _ numbers: (StepBatch.Leaf) throws -> [Scalar]) throws -> [Scalar]

  /// Updates a network's parameters from the gradients of all leaves, before it returns. An error ends the step.
  ///
  /// - Parameter leaf: Computes the gradients of the mean loss of one leaf, from a single tape, since the trainer sends
  ///   gradients to other processes already during the backward pass. Each call must return the same network and the
  ///   same terms. Power iterations and running statistics may advance in the closure: each leaf starts from their
  ///   values before the update, and they advance once per update.
  func update(over batch: StepBatch, _ leaf: (StepBatch.Leaf) throws -> NetworkUpdate) throws
}

/// The part of a step's batch that this process computes, and its division into leaves.
package struct StepBatch: Sendable {
  /// A micro-batch. All leaves of a step have the same number of samples.
  package struct Leaf: Sendable {
    package let batch: InpaintingBatch
    /// The indices of the leaf's samples among all samples of the step.
    package let samples: Range<Int>
    /// The number of samples of the step, over all processes.
    package let sampleCount: Int

    /// The leaf with its batch replaced, such as by one with other conditions.
    func with(_ batch: InpaintingBatch) -> Leaf { Leaf(batch: batch, samples: samples, sampleCount: sampleCount) }
  }

  /// The indices of the leaves that this process computes.
  package let leaves: Range<Int>
  /// The number of leaves of the step, over all processes.
  package let leafCount: Int
  private let batch: InpaintingBatch

  /// - Parameter batch: The samples of this process's leaves, in order.
  /// - Precondition: The number of samples is a positive multiple of the number of leaves.
  package init(_ batch: InpaintingBatch, leaves: Range<Int>, of leafCount: Int) {
    let count = batch.images.shape[0]
    precondition(
      !leaves.isEmpty && leaves.lowerBound >= 0 && leaves.upperBound <= leafCount && count > 0
        && count % leaves.count == 0,
      "StepBatch: \(count) samples cannot be divided into the leaves \(leaves) of \(leafCount)")
    self.batch = batch
    self.leaves = leaves
    self.leafCount = leafCount
  }

  /// True if this process computes a single leaf.
  var hasOneLeaf: Bool { leaves.count == 1 }

  /// The leaf of an index.
  ///
  /// - Parameter number: One of `leaves`.
  package func leaf(_ number: Int) -> Leaf {
    precondition(leaves.contains(number), "StepBatch: the leaf \(number) is none of \(leaves)")
    let size = batch.images.shape[0] / leaves.count
    let start = (number - leaves.lowerBound) * size
    return Leaf(
      batch: hasOneLeaf ? batch : batch.samples(start..<start + size), samples: number * size..<(number + 1) * size,
      sampleCount: leafCount * size)
  }
}

/// The random numbers of one training step. They are a function of the run's seed and the step's index alone, so that a
/// resumed run draws the same numbers as an uninterrupted one.
package struct StepRandomness: Sendable {
  private let seed: UInt64
  private let step: Int

  /// - Parameter step: The number of steps before this one.
  package init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = step
  }

  /// A tensor of uniform random numbers in 0..<1.
  ///
  /// - Parameters:
  ///   - purpose: The name of the random stream; different names give independent numbers.
  ///   - occasion: The number of earlier draws for that purpose in this step.
  package func uniform(_ shape: Shape, purpose: String, occasion: Int = 0) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: purpose, step: step, sample: occasion)
    return .uniform(shape, from: &stream)
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

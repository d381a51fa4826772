package import InpaintingData
import Support
package import Tensors

/// A step of training as its model sees it: batches, random numbers, and updates that are made of leaves.
///
/// A batch is divided into leaves of equally many samples. A model says what one leaf's gradients are; whoever trains it
/// computes one leaf after the other, lets go of what a leaf has kept before the next begins, averages over all of them
/// in a fixed order, and changes the network. What couples the samples of a batch couples those of a leaf: batch
/// statistics are a leaf's own.
package protocol TrainingStep {
  /// The random numbers that the step draws from, if it draws any.
  var randomness: StepRandomness { get }

  /// A new batch at each call.
  func nextBatch() throws -> StepBatch

  /// The means over all leaves of some numbers, such as what a loss divides by.
  func mean(over batch: StepBatch, _ numbers: (StepBatch.Leaf) throws -> [Scalar]) throws -> [Scalar]

  /// Changes a network before it returns: what comes after sees the new parameters. It may refuse by throwing, which
  /// ends the step.
  ///
  /// - Parameter leaf: The gradients of one leaf's mean loss as one tape gives them, for the same network and with the same
  ///   terms at each call: on the way back whoever trains hands them on already.
  ///   Power iterations and running statistics may advance in it: every leaf begins with what the update began with, and
  ///   they advance once an update.
  func update(over batch: StepBatch, _ leaf: (StepBatch.Leaf) throws -> NetworkUpdate) throws
}

/// The batch of a step, as far as it is computed here, with its division into leaves.
package struct StepBatch: Sendable {
  /// Equally many samples of each leaf.
  package struct Leaf: Sendable {
    package let batch: InpaintingBatch
    /// Their numbers among the samples of the step.
    package let samples: Range<Int>
    /// The number of samples of the step.
    package let sampleCount: Int

    /// The leaf with another batch of its samples.
    func with(_ batch: InpaintingBatch) -> Leaf { Leaf(batch: batch, samples: samples, sampleCount: sampleCount) }
  }

  /// The numbers of the leaves that are computed here.
  package let leaves: Range<Int>
  /// The number of leaves of the step.
  package let leafCount: Int
  private let batch: InpaintingBatch

  /// - Parameter batch: The samples of the leaves that are computed here, in their order.
  /// - Precondition: Each of these leaves gets equally many samples, and at least one.
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

  /// True if the leaf that is computed here is the only one that is.
  var hasOneLeaf: Bool { leaves.count == 1 }

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

/// The random numbers of one step of training: a function of the run's seed and the step's number alone, so that a
/// resumed run draws what it would have drawn.
package struct StepRandomness: Sendable {
  private let seed: UInt64
  private let step: Int

  /// - Parameter step: The number of steps before this one.
  package init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = step
  }

  /// Uniform numbers in 0..<1 of the shape given.
  ///
  /// - Parameters:
  ///   - purpose: Their use; different purposes give independent numbers.
  ///   - occasion: The number of earlier draws for that purpose in this step.
  package func uniform(_ shape: Shape, purpose: String, occasion: Int = 0) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: purpose, step: step, sample: occasion)
    return .uniform(shape, from: &stream)
  }
}

import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors

/// A training step with gradient accumulation: the gradients of each update are computed micro-batch (leaf) by micro-batch,
/// averaged, and applied.
///
/// Buffers, such as a power iteration's vector or running statistics, advance once per update: every micro-batch begins
/// with the values that the buffers had before the update. Buffers that depend on the parameters alone have the same value
/// after each micro-batch. Buffers that depend on the samples are set to the mean over the micro-batches; a running
/// variance is therefore that of the samples within a micro-batch.
final class LeafwiseStep: TrainingStep {
  let randomness: StepRandomness
  /// The loss terms, numbers of images and waiting times so far.
  private(set) var report = StepReport()
  /// The number of batches that the step has taken from the source so far.
  private(set) var batches = 0
  private let leafCount: Int
  private let source: any BatchSource
  private let communicator: any Communicator
  private let buffers: [Buffer]
  private let apply: (NetworkUpdate) throws -> Void

  /// - Parameters:
  ///   - buffers: The buffers of the networks that are trained.
  ///   - apply: Performs an optimizer step with averaged gradients; throws if they are not finite.
  init(
    randomness: StepRandomness, leafCount: Int, source: any BatchSource, communicator: any Communicator,
    buffers: [Buffer], apply: @escaping (NetworkUpdate) throws -> Void
  ) {
    self.randomness = randomness
    self.leafCount = leafCount
    self.source = source
    self.communicator = communicator
    self.buffers = buffers
    self.apply = apply
  }

  func nextBatch() throws -> StepBatch {
    let drawn = try source.next()
    let leaves = communicator.leaves(of: leafCount)
    batches += 1
    report.waited += drawn.secondsWaited
    report.images += drawn.batch.images.shape[0] / leaves.count * leafCount
    return StepBatch(drawn.batch, leaves: leaves, of: leafCount)
  }

  func mean(over batch: StepBatch, _ numbers: (StepBatch.Leaf) throws -> [Scalar]) throws -> [Scalar] {
    guard leafCount > 1 else { return try numbers(batch.leaf(0)) }
    var sum = TreeSum<LeafValues>(+)
    for number in batch.leaves { sum.append(LeafValues(numbers: try numbers(batch.leaf(number))), of: number) }
    return (try communicator.allReduce(consume sum, of: leafCount) / leafCount).numbers
  }

  func update(over batch: StepBatch, _ leaf: (StepBatch.Leaf) throws -> NetworkUpdate) throws {
    let update = leafCount > 1 ? try meanUpdate(batch, leaf) : try leaf(batch.leaf(0))
    try apply(update)
    report.terms += update.terms
  }

  private func meanUpdate(
    _ batch: StepBatch, _ leaf: (StepBatch.Leaf) throws -> NetworkUpdate
  ) throws -> NetworkUpdate {
    let before = buffers.map(\.value)
    let statistics = buffers.indices.filter { buffers[$0].dependsOnSamples }
    var names: (network: String, terms: [String]) = ("", [])
    let sum = GradientSum(communicator, leaves: batch.leaves, of: leafCount)
    for number in batch.leaves {
      buffers.restore(before)
      let update = try sum.listening(toLeaf: number) { try leaf(batch.leaf(number)) }
      names = (update.network, update.terms.map(\.name))
      let moved = statistics.map { buffers[$0].value.elements != before[$0].elements }
      sum.append(
        LeafValues(
          gradients: update.gradients, statistics: statistics.map { buffers[$0].value },
          numbers: update.terms.map(\.value) + moved.map { $0 ? 1 : 0 }))
    }
    let mean = try sum.total() / leafCount
    let moved = mean.numbers.suffix(statistics.count).map { $0 > 0 }
    for (place, index) in statistics.enumerated() {
      // A buffer that no micro-batch has changed keeps its bits: the mean of equal values may be rounded.
      buffers[index].value = moved[place] ? mean.statistics[place] : before[index]
    }
    return NetworkUpdate(
      network: names.network, gradients: mean.gradients,
      terms: zip(names.terms, mean.numbers).map { LossTerm($0, $1) })
  }
}

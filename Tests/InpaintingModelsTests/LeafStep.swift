import InpaintingData
import NeuralNetworks
import Tensors

@testable import InpaintingModels

/// A step that hands over what each leaf of an update gives, and changes nothing by itself.
private struct LeafStep: TrainingStep {
  let randomness: StepRandomness
  let leafCount: Int
  let next: () throws -> InpaintingBatch
  let change: ([NetworkUpdate]) throws -> Void

  func nextBatch() throws -> StepBatch { StepBatch(try next(), leaves: 0..<leafCount, of: leafCount) }

  func mean(over batch: StepBatch, _ numbers: (StepBatch.Leaf) throws -> [Scalar]) throws -> [Scalar] {
    let all = try batch.leaves.map { try numbers(batch.leaf($0)) }
    return all[0].indices.map { index in all.reduce(0) { $0 + $1[index] } / Scalar(leafCount) }
  }

  func update(over batch: StepBatch, _ leaf: (StepBatch.Leaf) throws -> NetworkUpdate) throws {
    try change(batch.leaves.map { try leaf(batch.leaf($0)) })
  }
}

extension InpaintingModel {
  /// A step of whole batches.
  func trainingStep(
    randomness: StepRandomness, nextBatch: @escaping () throws -> InpaintingBatch,
    update: @escaping (NetworkUpdate) throws -> Void
  ) throws {
    try trainingStep(
      LeafStep(randomness: randomness, leafCount: 1, next: nextBatch) { leaves in
        for leaf in leaves { try update(leaf) }
      })
  }
}

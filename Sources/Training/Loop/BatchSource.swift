package import InpaintingData

/// A data loader, as the training loop sees it.
package protocol BatchSource {
  /// Returns the next batch: the samples of the micro-batches that this rank computes.
  ///
  /// - Throws: `Failure` if no batch can be loaded.
  func next() throws -> DrawnBatch
}

/// A batch of tensors, and the time that loading it held the loop up.
package struct DrawnBatch {
  package let batch: InpaintingBatch
  /// The seconds that the loop waited for the batch.
  package let secondsWaited: Double

  package init(_ batch: InpaintingBatch, secondsWaited: Double = 0) {
    self.batch = batch
    self.secondsWaited = secondsWaited
  }
}

/// The batches of a run, which worker threads prepare in the background.
struct LoadedBatches: BatchSource {
  let data: TrainingData
  let loader: BatchLoader

  func next() throws -> DrawnBatch {
    let batch = try loader.next()
    return DrawnBatch(data.tensors(of: batch), secondsWaited: batch.secondsWaited)
  }
}

/// A queue of batches that are loaded before a step begins: if loading fails, no parameter and no buffer has changed since
/// the last step, and the state can be saved.
final class BatchQueue: BatchSource {
  private let source: any BatchSource
  private var drawn: [DrawnBatch] = []

  init(_ source: any BatchSource) { self.source = source }

  /// Loads batches until the queue has `count` of them.
  func fill(to count: Int) throws {
    while drawn.count < count { drawn.append(try source.next()) }
  }

  func next() throws -> DrawnBatch {
    try fill(to: 1)
    return drawn.removeFirst()
  }
}

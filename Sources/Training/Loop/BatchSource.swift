package import InpaintingData

/// A source of a loop's batches.
package protocol BatchSource {
  /// The next batch: the samples of the leaves that this process computes.
  ///
  /// - Throws: `Failure` if there is none.
  func next() throws -> DrawnBatch
}

/// A batch as networks take it.
package struct DrawnBatch {
  package let batch: InpaintingBatch
  /// The time that was spent waiting for it.
  package let secondsWaited: Double

  package init(_ batch: InpaintingBatch, secondsWaited: Double = 0) {
    self.batch = batch
    self.secondsWaited = secondsWaited
  }
}

/// The batches of a run, prepared in the background.
struct LoadedBatches: BatchSource {
  let data: TrainingData
  let loader: BatchLoader

  func next() throws -> DrawnBatch {
    let batch = try loader.next()
    return DrawnBatch(data.tensors(of: batch), secondsWaited: batch.secondsWaited)
  }
}

/// Batches that are drawn before a step begins: if the source fails, no weight and no buffer has changed yet, and what the
/// last step left can be saved.
final class BatchQueue: BatchSource {
  private let source: any BatchSource
  private var drawn: [DrawnBatch] = []

  init(_ source: any BatchSource) { self.source = source }

  /// Draws until there are so many.
  func fill(to count: Int) throws {
    while drawn.count < count { drawn.append(try source.next()) }
  }

  func next() throws -> DrawnBatch {
    try fill(to: 1)
    return drawn.removeFirst()
  }
}

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

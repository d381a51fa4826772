import Support

/// A loader of training batches in the background, so that no step waits for pictures.
///
/// Example `i` of batch `b` is example `b * batchSize + i` of a series that depends on the seed alone: not on the
/// number of workers, nor on where a run was interrupted. With several processes, each loads its share of every batch,
/// and reads nothing else.
///
///     let loader = BatchLoader(
///       pictures: pictures, preparation: preparation, batchSize: 16, workers: 2, firstBatch: 1000,
///       onSkip: { warn($0) })
///     let batch = try loader.next()
package final class BatchLoader: Sendable {
  /// The number of examples of every batch that are loaded here.
  private let shareSize: Int
  private let series: ExampleSeries
  private let queue: Prefetcher<Example>
  /// The number of the batch that `next()` returns next.
  private let upcoming: Monitor<Int>

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - share: The examples of each batch that are loaded, by their index in it; nil for all of them.
  ///   - workers: The number of threads that prepare examples.
  ///   - batchesAhead: The number of batches kept ready, besides the one that is being taken. An example takes `4 *
  ///     size * size` bytes, and four times as many with an initial fill.
  ///   - firstBatch: The number of the first batch, from 0; after an interruption, that of the next step.
  ///   - onSkip: Called once for each picture that cannot be used, with a sentence, on any thread.
  package init(
    pictures: PictureCollection, preparation: ExamplePreparation, batchSize: Int, share: Range<Int>? = nil,
    holes: HoleSharing = .perSample, workers: Int = 2, batchesAhead: Int = 2, firstBatch: Int = 0,
    onSkip: @escaping @Sendable (String) -> Void
  ) {
    let share = share ?? 0..<batchSize
    precondition(
      batchSize > 0 && workers > 0 && batchesAhead >= 0 && firstBatch >= 0,
      "BatchLoader: expected a positive batch size and number of workers, and no negative number")
    precondition(
      !share.isEmpty && share.lowerBound >= 0 && share.upperBound <= batchSize,
      "BatchLoader: the examples \(share) are no share of a batch of \(batchSize)")
    let series = ExampleSeries(
      pictures: pictures, preparation: preparation, examplesPerHole: holes == .perBatch ? batchSize : 1, onSkip: onSkip)
    shareSize = share.count
    self.series = series
    queue = Prefetcher(
      named: "loader", startingAt: firstBatch * share.count, workers: workers,
      capacity: (batchesAhead + 1) * share.count
    ) { number in
      let (batch, place) = number.quotientAndRemainder(dividingBy: share.count)
      return try series.example(batch * batchSize + share.lowerBound + place)
    }
    upcoming = Monitor(firstBatch)
  }

  /// The number of pictures that could not be used so far.
  package var skippedCount: Int { series.skippedCount }

  /// Waits for the next batch and returns it.
  ///
  /// - Throws: `Failure` if one of its examples cannot be prepared: kind `data` if no picture, or no hole
  ///   picture, can be used, `internalError` after `stop()`.
  package func next() throws -> Batch {
    let clock = ContinuousClock()
    let start = clock.now
    // Held while waiting, so that the numbers of concurrent callers match their batches.
    return try upcoming.update { number in
      Result {
        let examples = try queue.next(shareSize)
        guard examples.count == shareSize else {
          throw Failure(.internalError, "the loader: samples were asked for after it had been stopped.")
        }
        let batch = Batch(number: number, examples: examples, secondsWaited: (clock.now - start) / .seconds(1))
        number += 1
        return batch
      }
    }.get()
  }

  /// Stops the threads and waits for them to end; also happens when the loader is released.
  package func stop() {
    queue.stop()
  }
}

/// The examples of one training step.
package struct Batch: Sendable {
  /// The number of the step since the start of the run, from 0.
  package let number: Int
  package let examples: [Example]
  /// The time in seconds that `BatchLoader.next()` waited for the batch.
  package let secondsWaited: Double
}

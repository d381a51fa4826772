import Foundation
import Support

/// Prepares a series of samples ahead of whoever takes them, on threads of its own.
///
/// Which thread prepares what depends on chance; what is prepared does not.
final class SampleQueue: Sendable {
  private struct State {
    /// The first sample that was not taken yet.
    var firstWanted: Int
    /// The next one that no worker has begun.
    var nextUnclaimed: Int
    /// What is prepared and not taken yet, or why it could not be.
    var ready: [Int: Result<Sample, any Error>] = [:]
    /// The threads that have not ended.
    var runningWorkers: Int
    var isStopped = false
  }

  private let state: Monitor<State>
  /// The most samples that are ready or begun.
  private let capacity: Int
  private let prepare: @Sendable (Int) throws -> Sample

  /// - Parameters:
  ///   - capacity: The most samples that are ready or begun.
  ///   - prepare: Makes the sample with a number; called from any of the threads.
  init(startingAt first: Int, workers: Int, capacity: Int, prepare: @escaping @Sendable (Int) throws -> Sample) {
    self.capacity = capacity
    self.prepare = prepare
    state = Monitor(State(firstWanted: first, nextUnclaimed: first, runningWorkers: workers))
    for worker in 1...workers {
      let thread = Thread { self.work() }
      thread.name = "loader \(worker)"
      thread.start()
    }
  }

  /// The next samples of the series; waits for them.
  ///
  /// - Throws: What preparing the first of them that failed has thrown; the same again if asked again. `Failure` of
  ///   kind `internalError` if the queue was stopped.
  func next(_ count: Int) throws -> [Sample] {
    precondition(count <= capacity, "SampleQueue.next: \(count) samples are more than the queue holds (\(capacity))")
    return try state.wait { state -> Result<[Sample], any Error>? in
      if state.isStopped {
        return .failure(Failure(.internalError, "Samples were asked for after the loader had been stopped."))
      }
      let wanted = state.firstWanted..<state.firstWanted + count
      var samples: [Sample] = []
      for number in wanted {
        switch state.ready[number] {
        case .success(let sample): samples.append(sample)
        case .failure(let error): return .failure(error)
        case nil: return nil
        }
      }
      for number in wanted { state.ready[number] = nil }
      state.firstWanted = wanted.upperBound
      return .success(samples)
    }.get()
  }

  /// Ends the threads, and returns when they have ended; a picture that is being read is read to its end.
  func stop() {
    state.update { $0.isStopped = true }
    state.wait { $0.runningWorkers == 0 ? () : nil }
  }

  /// What each thread does until the queue is stopped.
  private func work() {
    while let number = claim() {
      let result = Result { try prepare(number) }
      state.update { $0.ready[number] = result }
    }
    state.update { $0.runningWorkers -= 1 }
  }

  /// The number of the next sample to prepare, when there is room for it; nil if there is nothing more to do.
  private func claim() -> Int? {
    state.wait { state -> Int?? in
      if state.isStopped { return .some(nil) }
      guard state.nextUnclaimed < state.firstWanted + capacity else { return nil }
      state.nextUnclaimed += 1
      return state.nextUnclaimed - 1
    }
  }
}

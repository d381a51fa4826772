import Dispatch
import Foundation
import Support
import Synchronization

/// A queue of jobs that compute on all threads, one after the other.
///
/// A place is reserved before a request's body is read, which limits the pictures in memory.
final class FillQueue: Sendable {
  /// The position of a job.
  struct Position: Equatable, Sendable {
    /// The name that its page gave it; empty for none.
    let job: String
    /// The number of jobs before it; 0 for the one that is running.
    let ahead: Int
    /// The number of filled regions of the hole, and of all regions; nil before the job starts.
    let regions: (done: Int, count: Int)?

    static func == (left: Position, right: Position) -> Bool {
      left.job == right.job && left.ahead == right.ahead && left.regions?.done == right.regions?.done
        && left.regions?.count == right.regions?.count
    }
  }

  /// A place in the queue, which is freed when the reservation is released.
  final class Reservation: Sendable {
    private let release: @Sendable () -> Void
    fileprivate init(release: @escaping @Sendable () -> Void) { self.release = release }
    deinit { release() }
  }

  /// A job in the queue.
  final class Job: Sendable {
    private let cancellation = Flag()
    private let tell: @Sendable (_ done: Int, _ count: Int) -> Void

    fileprivate init(tell: @escaping @Sendable (_ done: Int, _ count: Int) -> Void) { self.tell = tell }

    fileprivate func cancel() { cancellation.set() }

    /// True once the client is gone. The work polls it, and ends with a `CancellationError`.
    var isCancelled: Bool { cancellation.isSet }

    /// Reports progress.
    func progress(_ done: Int, _ count: Int) { tell(done, count) }
  }

  private struct Entry {
    let number: UInt64
    let name: String
    var regions: (done: Int, count: Int)?
    let job: Job
    let work: @Sendable () -> Void
    let drop: @Sendable () -> Void
  }

  private struct State {
    var reserved = 0
    var next: UInt64 = 0
    /// The entries, of which the first is running.
    var entries: [Entry] = []
  }

  /// The maximum number of waiting jobs, besides the one that is running.
  let limit: Int
  private let state = Mutex(State())
  private let thread = DispatchQueue(label: "studio.fillings")
  private let changed: @Sendable ([Position]) -> Void

  /// - Parameter changed: Called on any thread whenever a position has changed.
  init(limit: Int, changed: @escaping @Sendable ([Position]) -> Void = { _ in }) {
    self.limit = limit
    self.changed = changed
  }

  /// - Throws: `HTTPError` with the status 429 if too many wait already.
  func reserve() throws -> Reservation {
    let isFree = state.withLock { state in
      guard state.reserved <= limit else { return false }
      state.reserved += 1
      return true
    }
    guard isFree else {
      throw HTTPError(
        429, "The queue: expected at most \(limit) waiting, found as many already; try again in a moment.",
        headers: [HTTPField("Retry-After", "2")])
    }
    return Reservation { [weak self] in self?.state.withLock { $0.reserved -= 1 } }
  }

  /// The positions of all jobs, in order.
  var positions: [Position] {
    state.withLock { $0.entries.enumerated().map { Position(job: $1.name, ahead: $0, regions: $1.regions) } }
  }

  /// Runs work when its turn comes. It is dropped if the task is canceled before, and asked to stop if it is canceled
  /// during the work.
  ///
  /// - Parameters:
  ///   - name: The page's name for the job.
  ///   - work: The work, which runs on a thread that may block.
  func run<Result: Sendable>(
    _ name: String, _ work: @escaping @Sendable (Job) throws -> Result
  ) async throws -> Result {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let job = Job { [weak self] in self?.progress(number, $0, $1) }
        let entry = Entry(
          number: number, name: name, regions: nil, job: job,
          work: { [weak self] in
            let result = Swift.Result {
              // It may have been canceled before the thread started.
              guard !job.isCancelled else { throw CancellationError() }
              return try work(job)
            }
            self?.finish(number)
            continuation.resume(with: result)
          },
          drop: { continuation.resume(throwing: CancellationError()) })
        let isFirst = state.withLock { state in
          state.entries.append(entry)
          return state.entries.count == 1
        }
        changed(positions)
        // A cancellation before the entry was appended had no effect.
        if Task.isCancelled { cancel(number) }
        if isFirst { thread.async { entry.work() } }
      }
    } onCancel: {
      cancel(number)
    }
  }

  private func progress(_ number: UInt64, _ done: Int, _ count: Int) {
    state.withLock { state in
      guard let index = state.entries.firstIndex(where: { $0.number == number }) else { return }
      state.entries[index].regions = (done, count)
    }
    changed(positions)
  }

  private func finish(_ number: UInt64) {
    let next = state.withLock { state in
      state.entries.removeAll { $0.number == number }
      return state.entries.first
    }
    changed(positions)
    if let next { thread.async { next.work() } }
  }

  private func cancel(_ number: UInt64) {
    let dropped = state.withLock { state -> Entry? in
      guard let index = state.entries.firstIndex(where: { $0.number == number }) else { return nil }
      guard index > 0 else {
        state.entries[index].job.cancel()
        return nil
      }
      return state.entries.remove(at: index)
    }
    guard let dropped else { return }
    dropped.drop()
    changed(positions)
  }
}

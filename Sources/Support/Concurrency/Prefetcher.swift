import Foundation

/// A bounded prefetcher: background threads make the items of a numbered series ahead of time, and `next()` delivers
/// them in order.
///
/// The thread that makes an item varies from run to run; the items do not.
///
///     let squares = Prefetcher(named: "squares", count: 100, workers: 2, capacity: 4) { $0 * $0 }
///     while let square = try squares.next() { print(square) }
package final class Prefetcher<Item: Sendable>: Sendable {
  private let state: Monitor<PrefetcherState<Item>>
  private let capacity: Int

  /// Starts the threads, which end with the series, with `stop()`, or when the prefetcher is released.
  ///
  /// - Parameters:
  ///   - name: The name of the threads, for debuggers.
  ///   - first: The number of the first item.
  ///   - count: The number of items; nil for an endless series.
  ///   - workers: The number of threads, at least 1.
  ///   - capacity: The maximum number of items begun and not yet taken, at least 1.
  ///   - make: Makes the item of a number, on any of the threads. Its errors are delivered in place of items.
  package init(
    named name: String, startingAt first: Int = 0, count: Int? = nil, workers: Int, capacity: Int,
    make: @escaping @Sendable (_ number: Int) throws -> Item
  ) {
    precondition(
      workers > 0 && capacity > 0 && count ?? 0 >= 0,
      "Prefetcher: expected threads and room for an item, found \(workers) threads, a capacity of \(capacity) and a "
        + "count of \(count ?? 0)")
    let state = Monitor(
      PrefetcherState<Item>(
        firstUntaken: first, firstUnclaimed: first, end: count.map { first + $0 } ?? .max, runningWorkers: workers))
    self.state = state
    self.capacity = capacity
    for worker in 1...workers {
      // Captures the state, not the prefetcher, which may be released while threads still run.
      let thread = Thread {
        while let number = state.wait(until: { $0.claim(capacity: capacity) }) {
          let item = Result { try make(number) }
          state.update { $0.ready[number] = item }
        }
        state.update { $0.runningWorkers -= 1 }
      }
      thread.name = "\(name) \(worker)"
      thread.start()
    }
  }

  deinit { stop() }

  /// Waits for the next item. Nil after the last one and after `stop()`.
  ///
  /// - Throws: The error that `make` threw for the item; later calls throw it again.
  package func next() throws -> Item? { try next(1).first }

  /// Waits for the next `count` items. Fewer at the end of the series, none after `stop()`.
  ///
  /// - Parameter count: At most the capacity.
  /// - Throws: The error that `make` threw for the first of them that failed; later calls throw it again.
  package func next(_ count: Int) throws -> [Item] {
    precondition(
      count >= 0 && count <= capacity,
      "Prefetcher.next: expected at most \(capacity) items, the capacity, found \(count)")
    return try state.wait { $0.take(count) }.get()
  }

  /// Stops the threads and waits for them to end; items already begun are completed.
  package func stop() {
    state.update { $0.isStopped = true }
    state.wait { $0.runningWorkers == 0 ? () : nil }
  }
}

/// The numbers still to be made, and the items that are ready.
private struct PrefetcherState<Item: Sendable>: Sendable {
  /// The first number that was not taken.
  var firstUntaken: Int
  /// The first number that no thread has begun.
  var firstUnclaimed: Int
  /// The number after the last one.
  let end: Int
  /// The threads that have not ended.
  var runningWorkers: Int
  /// The items made and not yet taken, or their errors.
  var ready: [Int: Result<Item, any Error>] = [:]
  var isStopped = false

  /// The next number to make, nil when there is nothing more to do.
  ///
  /// - Returns: `.none` while the buffer is full.
  mutating func claim(capacity: Int) -> Int?? {
    if isStopped || firstUnclaimed >= end { return .some(nil) }
    guard firstUnclaimed < firstUntaken + capacity else { return .none }
    firstUnclaimed += 1
    return firstUnclaimed - 1
  }

  /// Takes the next items, or returns the first error among them, which stays.
  ///
  /// - Returns: Nil while one of them is not ready.
  mutating func take(_ count: Int) -> Result<[Item], any Error>? {
    if isStopped { return .success([]) }
    let numbers = firstUntaken..<firstUntaken + min(count, end - firstUntaken)
    var items: [Item] = []
    for number in numbers {
      switch ready[number] {
      case .success(let item): items.append(item)
      case .failure(let error): return .failure(error)
      case nil: return nil
      }
    }
    for number in numbers { ready[number] = nil }
    firstUntaken = numbers.upperBound
    return .success(items)
  }
}

/// A monitor: a value shared by several threads, with a condition variable to wait for changes.
///
/// Sendable because the value is only accessed while the condition's lock is held.
package final class Monitor<State>: @unchecked Sendable {
  private let condition = NSCondition()
  private var state: State

  package init(_ state: State) {
    self.state = state
  }

  /// Waits until `body` returns a result; it is called again after every change. All other waiting threads are woken
  /// then.
  package func wait<Result>(until body: (inout State) -> Result?) -> Result {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = body(&state) {
        condition.broadcast()
        return result
      }
      condition.wait()
    }
  }

  /// Reads or changes the value, and wakes all waiting threads.
  package func update<Result>(_ body: (inout State) -> Result) -> Result {
    wait { body(&$0) }
  }
}

import Dispatch
import Synchronization

/// A pipeline of three stages over a numbered series: while the caller's thread computes one item, background threads
/// prepare later items and finish earlier ones.
package enum Pipeline {
  /// Runs the stages, and returns when the last item is finished.
  ///
  /// - Parameters:
  ///   - name: The name of the threads, for debuggers.
  ///   - count: The number of items.
  ///   - workers: The number of threads that prepare, and of those that finish. With one, items are finished in order.
  ///   - capacity: The maximum number of items prepared ahead, and of items waiting to be finished.
  ///   - prepare: Makes the input of `compute`, on any thread.
  ///   - compute: Runs on the caller's thread, in the order of the items. Nil skips the item; an error ends the series
  ///     once the items computed so far are finished.
  ///   - finish: Processes the output of `compute`, on any thread.
  /// - Returns: The results of `finish`, in the order of the items.
  /// - Throws: The error of `compute`.
  @discardableResult
  package static func run<Prepared: Sendable, Computed: Sendable, Finished: Sendable>(
    named name: String, count: Int, workers: Int, capacity: Int,
    prepare: @escaping @Sendable (_ number: Int) -> Prepared,
    compute: (_ number: Int, Prepared) throws -> Computed?, finish: @escaping @Sendable (Computed) -> Finished
  ) throws -> [Finished] {
    let preparation = Prefetcher(named: name + " preparing", count: count, workers: workers, capacity: capacity) {
      prepare($0)
    }
    let computed = Monitor(ComputedItems<Computed>())
    let finishing = Prefetcher<Finished?>(named: name + " finishing", workers: workers, capacity: capacity) { number in
      computed.wait { $0.item(number) }.map(finish)
    }
    // Wakes the finishing threads that still wait for an item.
    defer {
      preparation.stop()
      computed.update { $0.hasEnded = true }
      finishing.stop()
    }
    var added = 0
    var results: [Finished] = []
    /// Collects results until at most `waiting` items are left to finish.
    func collect(leaving waiting: Int) throws {
      while added - results.count > waiting, let result = try finishing.next() { result.map { results.append($0) } }
    }
    do {
      for number in 0..<count {
        guard let prepared = try preparation.next() else { break }
        guard let item = try compute(number, prepared) else { continue }
        try collect(leaving: capacity - 1)
        computed.update { $0.items[added] = item }
        added += 1
      }
    } catch {
      try collect(leaving: 0)
      throw error
    }
    try collect(leaving: 0)
    return results
  }
}

/// The computed items that no thread has begun to finish.
private struct ComputedItems<Item: Sendable>: Sendable {
  var items: [Int: Item] = [:]
  /// True once no item will follow.
  var hasEnded = false

  /// The item of a number: `.none` while it is not computed, `.some(nil)` if it will never be.
  mutating func item(_ number: Int) -> Item?? {
    if let item = items.removeValue(forKey: number) { return .some(item) }
    return hasEnded ? .some(nil) : .none
  }
}

/// Maps 0..<count through a function on at most `threads` threads. The result does not depend on their number.
package func concurrentMap<Value: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Value
) -> [Value] {
  let workers = min(threads, count)
  if workers <= 1 { return (0..<max(0, count)).map(body) }
  let next = Atomic(0)
  return [Value](unsafeUninitializedCapacity: count) { values, initializedCount in
    // Each index is written by one thread only.
    nonisolated(unsafe) let start = values.baseAddress!
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { break }
        (start + index).initialize(to: body(index))
      }
    }
    initializedCount = count
  }
}

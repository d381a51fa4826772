import Dispatch
import Synchronization

/// Three stages of work on a numbered series, side by side: while the caller's thread computes one item, prefetchers
/// prepare those that follow and finish those before.
package enum Pipeline {
  /// Runs the stages, and returns when the last item is finished.
  ///
  /// - Parameters:
  ///   - name: The name of the threads, for debuggers.
  ///   - count: The number of items.
  ///   - workers: The threads that prepare, and as many that finish. One thread finishes in the order of the items.
  ///   - capacity: The most items that are prepared ahead, and the most that wait to be finished.
  ///   - prepare: Makes what the computation needs.
  ///   - compute: Runs on the caller's thread, in the order of the items. Nil leaves the item out; an error ends the
  ///     series after the items that were computed are finished.
  ///   - finish: Gets what was computed.
  /// - Returns: What was finished, in the order of the items.
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
    // Threads that wait for an item must not wait for ever.
    defer {
      preparation.stop()
      computed.update { $0.hasEnded = true }
      finishing.stop()
    }
    var added = 0
    var results: [Finished] = []
    /// Waits until at most so many items are left to finish.
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

/// The items that were computed and that nobody has begun to finish.
private struct ComputedItems<Item: Sendable>: Sendable {
  var items: [Int: Item] = [:]
  /// True if none will follow.
  var hasEnded = false

  /// The item of a number; nil within if there will be none, nil while it is not there yet.
  mutating func item(_ number: Int) -> Item?? {
    if let item = items.removeValue(forKey: number) { return .some(item) }
    return hasEnded ? .some(nil) : .none
  }
}

/// The values of a function for 0..<count, computed on at most so many threads; the number of threads changes the time
/// and nothing else.
package func concurrentMap<Value: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (_ index: Int) -> Value
) -> [Value] {
  let workers = min(threads, count)
  if workers <= 1 { return (0..<max(0, count)).map(body) }
  let next = Atomic(0)
  return [Value](unsafeUninitializedCapacity: count) { values, initializedCount in
    // Each thread writes what it has computed, at indices that no other has.
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

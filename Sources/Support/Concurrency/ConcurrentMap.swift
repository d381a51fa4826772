import Dispatch
import Synchronization

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

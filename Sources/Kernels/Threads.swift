import Dispatch
import Foundation
import Synchronization

/// The number of threads that the kernels use. Results never depend on it: work is cut by the shape of the data alone.
package enum Threads {
  private static let chosen = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  package static var count: Int {
    get { chosen.load(ordering: .relaxed) }
    set { chosen.store(max(1, newValue), ordering: .relaxed) }
  }
}

/// Calls `body` once for each of the tasks 0..<count, on all threads.
@inline(__always)
func parallel(tasks count: Int, _ body: (Int) -> Void) {
  parallelWorkers(tasks: count) { next in
    while let task = next() { body(task) }
  }
}

/// Calls `body` once a thread; it takes tasks from the function it is given until that returns nil. For work that needs
/// a buffer a thread.
@inline(never)
func parallelWorkers(tasks count: Int, _ body: (_ next: () -> Int?) -> Void) {
  let workers = min(Threads.count, count)
  if workers <= 1 {
    var task = 0
    body {
      defer { task += 1 }
      return task < count ? task : nil
    }
    return
  }
  let taken = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    body {
      let task = taken.wrappingAdd(1, ordering: .relaxed).oldValue
      return task < count ? task : nil
    }
  }
}

/// Calls `body` for ranges that together are 0..<count. `grain` is the size of a range that is worth a thread's while;
/// the cuts depend on `count` and `grain` only.
@inline(__always)
func parallelRanges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let pieces = (count + grain - 1) / grain
  parallel(tasks: pieces) { piece in
    body(piece * grain..<min(count, (piece + 1) * grain))
  }
}

/// Elements of an element-wise loop that are worth handing to a thread: about a tenth of a millisecond's work, where
/// waking one up takes half of that.
let elementGrain = 131_072

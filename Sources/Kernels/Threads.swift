import Dispatch
import Foundation
import Synchronization

/// The number of threads of the kernels. Results do not depend on it: work is divided by the shape of the data alone.
package enum Threads {
  private static let chosen = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  package static var count: Int {
    get { chosen.load(ordering: .relaxed) }
    set { chosen.store(max(1, newValue), ordering: .relaxed) }
  }
}

/// Calls `body` once for each task of 0..<count, on all threads.
@inline(__always)
func parallel(tasks count: Int, _ body: (Int) -> Void) {
  parallelWorkers(tasks: count) { next in
    while let task = next() { body(task) }
  }
}

/// Calls `body` once per thread with a function that returns the next task, or nil when there are none left: for work
/// that needs a buffer per thread.
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

/// Calls `body` for ranges that together cover 0..<count. `grain` is the size of a range that is worth a task; the
/// ranges depend on `count` and `grain` only.
@inline(__always)
func parallelRanges(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let pieces = (count + grain - 1) / grain
  parallel(tasks: pieces) { piece in
    body(piece * grain..<min(count, (piece + 1) * grain))
  }
}

/// The number of elements of an element-wise loop that is worth a task: about 0.1 ms of work, where waking a thread
/// takes half of that.
let elementGrain = 131_072

import Foundation
import Support

/// A thread that runs closures one after the other, in the order in which they were submitted.
///
/// MPI with `MPI_THREAD_FUNNELED`, the level that libraries support without a loss of speed, requires all calls to come
/// from the thread that initialized it. A serial dispatch queue may run its closures on different threads.
final class SerialThread: @unchecked Sendable {
  private struct Work {
    var waiting: [() -> Void] = []
    var hasEnded = false
  }

  /// A future: the result of a submitted closure.
  struct Pending<Value> {
    fileprivate let result = Monitor<Result<Value, any Error>?>(nil)

    /// Waits for the closure to finish, and returns its result or rethrows its error; to be called once.
    func value() throws -> Value {
      try result.wait { result in
        defer { result = nil }
        return result
      }.get()
    }
  }

  private let work = Monitor(Work())

  /// - Parameter name: The name that debuggers show.
  init(named name: String) {
    let thread = Thread { [work] in
      while let next = Self.next(work) { next() }
    }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Submits a closure, which the thread runs after all closures that were submitted before.
  func begin<Value>(_ body: @escaping () throws -> Value) -> Pending<Value> {
    let pending = Pending<Value>()
    work.update { work in
      precondition(!work.hasEnded, "SerialThread: something is begun after the end")
      work.waiting.append {
        let result = Result { try body() }
        pending.result.update { $0 = result }
      }
    }
    return pending
  }

  /// Submits a closure and waits for its result.
  func perform<Value>(_ body: @escaping () throws -> Value) throws -> Value { try begin(body).value() }

  /// Ends the thread after all closures that were submitted before.
  func end() { work.update { $0.hasEnded = true } }

  /// Waits for the next closure; nil after the end.
  private static func next(_ work: Monitor<Work>) -> (() -> Void)? {
    work.wait { work -> (() -> Void)?? in
      if !work.waiting.isEmpty { return .some(work.waiting.removeFirst()) }
      return work.hasEnded ? .some(nil) : .none
    }
  }
}

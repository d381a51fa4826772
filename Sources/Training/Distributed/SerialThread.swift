import Foundation
import Support

/// A thread that does one thing after the other, in the order in which they were begun.
///
/// MPI wants all calls from the thread that made the first: that is what libraries promise without a price
/// (`MPI_THREAD_FUNNELED`), and a queue of closures might come back on another one.
final class SerialThread: @unchecked Sendable {
  private struct Work {
    var waiting: [() -> Void] = []
    var hasEnded = false
  }

  /// Something that is under way.
  struct Pending<Value> {
    fileprivate let result = Monitor<Result<Value, any Error>?>(nil)

    /// Waits for it; to be called once.
    func value() throws -> Value {
      try result.wait { result in
        defer { result = nil }
        return result
      }.get()
    }
  }

  private let work = Monitor(Work())

  /// - Parameter name: For debuggers.
  init(named name: String) {
    let thread = Thread { [work] in
      while let next = Self.next(work) { next() }
    }
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Begins something that the thread does after all that was begun before.
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

  /// Waits until the thread has done something.
  func perform<Value>(_ body: @escaping () throws -> Value) throws -> Value { try begin(body).value() }

  /// Lets the thread end after what was begun before.
  func end() { work.update { $0.hasEnded = true } }

  /// Waits for the next thing to do; nil if there will be none.
  private static func next(_ work: Monitor<Work>) -> (() -> Void)? {
    work.wait { work -> (() -> Void)?? in
      if !work.waiting.isEmpty { return .some(work.waiting.removeFirst()) }
      return work.hasEnded ? .some(nil) : .none
    }
  }
}

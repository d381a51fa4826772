import Foundation

/// A value that several threads share, and that they can wait for to change.
///
/// Sendable because the value is only touched while the condition's lock is held.
package final class Monitor<State>: @unchecked Sendable {
  private let condition = NSCondition()
  private var state: State

  /// Shares a value.
  package init(_ state: State) {
    self.state = state
  }

  /// Waits until `body` has a result, asking again whenever another thread has made a change. All others are woken when
  /// it has one.
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

  /// Changes the value, or looks at it, and wakes all who wait.
  package func update<Result>(_ body: (inout State) -> Result) -> Result {
    wait { body(&$0) }
  }
}

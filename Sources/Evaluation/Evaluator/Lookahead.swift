import Foundation

/// Makes the items of a series ahead of whoever takes them, on threads of its own, and gives them in their order.
///
/// Sendable because the state is only touched while the condition's lock is held.
final class Lookahead<Item: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let count: Int
  private let capacity: Int
  private let make: @Sendable (Int) -> Item
  /// The number that `next()` gives next.
  private var nextTaken = 0
  /// The first number that no thread has begun.
  private var nextClaimed = 0
  /// What is made and not taken yet.
  private var ready: [Int: Item] = [:]

  /// Starts the threads, which end when the series does or `stop()` is called.
  ///
  /// - Parameters:
  ///   - count: The items are numbered from 0 to this, less one.
  ///   - capacity: The most items that are begun and not taken yet.
  ///   - make: Called from any of the threads.
  init(count: Int, workers: Int, capacity: Int, make: @escaping @Sendable (Int) -> Item) {
    precondition(workers > 0 && capacity > 0, "Lookahead: expected at least one thread and room for an item")
    self.count = count
    self.capacity = capacity
    self.make = make
    for worker in 1...workers {
      let thread = Thread { self.work() }
      thread.name = "evaluation \(worker)"
      thread.start()
    }
  }

  /// The next item; waits for it. Nil behind the last one, and after `stop()`.
  func next() -> Item? {
    condition.lock()
    defer { condition.unlock() }
    guard nextTaken < count else { return nil }
    while ready[nextTaken] == nil { condition.wait() }
    defer {
      nextTaken += 1
      condition.broadcast()
    }
    return ready.removeValue(forKey: nextTaken)
  }

  /// Lets the threads end after the items that they are making.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    nextTaken = count
    nextClaimed = count
    ready = [:]
    condition.broadcast()
  }

  /// What each thread does until there is nothing more to make.
  private func work() {
    while let number = claim() {
      let item = make(number)
      condition.lock()
      if number >= nextTaken { ready[number] = item }
      condition.broadcast()
      condition.unlock()
    }
  }

  /// The next number, when there is room for it; nil when there is nothing more to do.
  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while nextClaimed < count && nextClaimed >= nextTaken + capacity { condition.wait() }
    guard nextClaimed < count else { return nil }
    nextClaimed += 1
    return nextClaimed - 1
  }
}

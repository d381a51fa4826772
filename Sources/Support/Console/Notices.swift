import Synchronization

/// Sentences about single files, of which there may be thousands: the first few are said, then that there are more.
///
/// Threads may share one.
package final class Notices: Sendable {
  private let limit: Int
  private let rest: String
  private let say: @Sendable (String) -> Void
  private let count = Mutex(0)

  /// - Parameters:
  ///   - limit: The number of sentences that are said.
  ///   - rest: The sentence in place of the first one above the limit; those after it are not said.
  package init(limit: Int = 10, rest: String, say: @escaping @Sendable (String) -> Void) {
    self.limit = limit
    self.rest = rest
    self.say = say
  }

  /// Says a sentence, unless there have been too many.
  package func add(_ sentence: String) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    if number <= limit { say(sentence) } else if number == limit + 1 { say(rest) }
  }
}

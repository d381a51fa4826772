import Synchronization

/// The sentences that something has said, from any thread.
package final class Notes: Sendable {
  private let sentences = Mutex<[String]>([])

  package init() {}

  package func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  package var all: [String] { sentences.withLock { $0 } }
}

import Synchronization

/// Sentences about single files, of which there may be thousands: the first few are said, each once, then that there are
/// more.
///
/// Threads may share one.
package final class Notices: Sendable {
  private let limit: Int
  private let rest: String
  private let say: @Sendable (String) -> Void
  /// The sentences that were said; `isOver` is true once `rest` was.
  private let said = Mutex<(sentences: Set<String>, isOver: Bool)>(([], false))

  /// - Parameters:
  ///   - limit: The number of sentences that are said.
  ///   - rest: The sentence in place of the first one above the limit; those after it are not said.
  package init(limit: Int = 10, rest: String, say: @escaping @Sendable (String) -> Void) {
    self.limit = limit
    self.rest = rest
    self.say = say
  }

  /// Says a sentence, unless it was said before or there have been too many.
  package func add(_ sentence: String) {
    let words: String? = said.withLock { said in
      if said.isOver || said.sentences.contains(sentence) { return nil }
      if said.sentences.count < limit {
        said.sentences.insert(sentence)
        return sentence
      }
      said.isOver = true
      return rest
    }
    if let words { say(words) }
  }
}

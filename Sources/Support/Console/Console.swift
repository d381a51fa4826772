import Glibc
import Synchronization

/// Standard error as people see it: lines that stay, and below them one status line that is redrawn in place.
///
/// Nothing here fails: if nobody reads any more (a closed pipe, a terminal that is gone), words are lost, and the
/// training goes on. Every text is written by one system call, so that threads do not mix theirs.
package final class Console: Sendable {
  package static let standardError = Console(descriptor: STDERR_FILENO)
  /// Nobody listens to it: the descriptor is not open.
  package static let silent = Console(descriptor: -1, isTerminal: false)

  /// True if lines can be redrawn.
  package let isTerminal: Bool
  private let descriptor: Int32
  private let status = Mutex("")
  /// The names that settings have here.
  private let spelling: Setting.Spelling

  package convenience init(descriptor: Int32, spelling: @escaping Setting.Spelling = { $0.inProgram }) {
    let name = getenv("TERM").map { String(cString: $0) }
    let isTerminal = isatty(descriptor) == 1 && name != "dumb"
    self.init(descriptor: descriptor, isTerminal: isTerminal, spelling: spelling)
  }

  package init(descriptor: Int32, isTerminal: Bool, spelling: @escaping Setting.Spelling = { $0.inProgram }) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    self.spelling = spelling
  }

  /// The columns of the terminal, asked anew every time, for windows change; 80 if there is none.
  package var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a line that stays, above the status line if there is one. Bytes of paths that are no UTF-8 are shown as
  /// `\xE9`.
  package func write(line: String) {
    let line = line.showingPathBytes
    status.withLock { status in
      write(status.isEmpty ? line + "\n" : Console.erasure + line + "\n" + status)
    }
  }

  /// Writes `warning: ` and the message.
  package func warn(_ message: String) { warn(Sentence(message)) }

  package func warn(_ sentence: Sentence) {
    write(line: "warning: " + sentence.text(spelling))
  }

  /// Redraws the status line; an empty one is removed. On anything but a terminal this does nothing.
  ///
  /// - Parameter text: Shorter than `width`, or the terminal would wrap it.
  package func show(status text: String) {
    guard isTerminal else { return }
    let text = text.showingPathBytes
    status.withLock { status in
      guard text != status else { return }
      status = text
      write(Console.erasure + text)
    }
  }

  /// To the first column, and everything right of it away.
  private static let erasure = "\r\u{1B}[K"

  private func write(_ text: String) {
    withoutBrokenPipeSignal {
      var text = text
      text.withUTF8 { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = Glibc.write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return }
          rest = rest.dropFirst(count)
        }
      }
    }
  }

  /// Keeps a write to a closed pipe from ending the program, whatever the program does about signals.
  private func withoutBrokenPipeSignal(_ body: () -> Void) {
    var pipe = sigset_t()
    var previous = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &previous)
    body()
    if !wasPending {
      var now = timespec()
      while sigtimedwait(&pipe, nil, &now) == -1 && errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &previous, nil)
  }
}

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

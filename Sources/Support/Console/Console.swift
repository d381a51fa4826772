import Glibc
import Synchronization

/// Standard error: permanent lines, and below them one status line that is redrawn in place.
///
/// Errors are ignored: if the pipe or the terminal is closed, output is lost and training goes on. Every text is
/// written in one system call, so that the output of several threads is not interleaved.
package final class Console: Sendable {
  package static let standardError = Console(descriptor: STDERR_FILENO)
  /// A console that discards everything: its descriptor is not open.
  package static let silent = Console(descriptor: -1, isTerminal: false)

  /// True if lines can be redrawn.
  package let isTerminal: Bool
  private let descriptor: Int32
  private let status = Mutex("")
  /// The spelling of settings in messages.
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

  /// The columns of the terminal, queried every time because windows are resized; 80 without a terminal.
  package var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a permanent line above the status line. Bytes of paths that are not UTF-8 are shown as `\xE9`.
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

  /// Redraws the status line; an empty text removes it. Does nothing without a terminal.
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

  /// The control sequence that returns to the first column and erases the line.
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

  /// Blocks SIGPIPE around a write, so that a closed pipe does not end the program, however it handles signals.
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

/// A limit on messages about single files, of which there may be thousands: the first few are printed, each once, then
/// one that says there are more.
///
/// Thread-safe.
package final class Notices: Sendable {
  private let limit: Int
  private let rest: String
  private let say: @Sendable (String) -> Void
  /// The sentences printed so far; `isOver` is true once `rest` was printed.
  private let said = Mutex<(sentences: Set<String>, isOver: Bool)>(([], false))

  /// - Parameters:
  ///   - limit: The number of sentences that are printed.
  ///   - rest: The sentence in place of the first one above the limit; later ones are dropped.
  package init(limit: Int = 10, rest: String, say: @escaping @Sendable (String) -> Void) {
    self.limit = limit
    self.rest = rest
    self.say = say
  }

  /// Prints a sentence, unless it was printed before or the limit is reached.
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

import Dispatch
import Glibc
import Support
import Synchronization

/// Turns SIGINT and SIGTERM into a wish to stop, which the trainer grants at the end of its step.
package final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)

  package init() {}

  /// The signal that asked to stop; nil if none did.
  package var requested: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Asks to stop, as the signal would.
  package func request(_ number: Int32) {
    signal.store(number, ordering: .relaxed)
  }

  /// Listens for the signals from now on. A second one ends the program at once.
  package func listen() {
    // Writing to a closed pipe must fail, not kill.
    Glibc.signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { [self] in
        if requested != nil { _exit(128 + number) }
        request(number)
        Console.standardError.write(line: "Stopping after this step; once more stops at once, without a checkpoint.")
      }
      source.activate()
      // A source lives as long as the program.
      _ = Unmanaged.passRetained(source as AnyObject)
    }
  }
}

import ArgumentParser
import Dispatch
import Glibc
package import Support

extension Interruption {
  /// An interruption that is requested by signals: Ctrl-C, SIGTERM and SIGHUP to stop, SIGUSR1 for a checkpoint,
  /// SIGUSR2 for a checkpoint and a sheet of samples. A second Ctrl-C or SIGTERM ends the program at once.
  ///
  /// A terminal that is closed may send SIGHUP several times, and a machine that is shut down SIGHUP and SIGTERM
  /// together: SIGHUP never ends the program at once, and is ignored under `nohup`.
  ///
  /// - Parameter console: The console for messages about stopping.
  package static func bySignals(console: Console = .standardError) -> Interruption {
    let interruption = Interruption()
    // Writing to a closed pipe, or beyond the file size limit, must fail and not end the program.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    for number in [SIGINT, SIGTERM] {
      on(number) {
        if let first = interruption.requested, first != SIGHUP { _exit(128 + number) }
        interruption.request(number)
        console.write(line: "Stopping after this step; once more stops at once, without a checkpoint.")
      }
    }
    if !isIgnored(SIGHUP) {
      on(SIGHUP) {
        guard interruption.requested == nil else { return }
        interruption.request(SIGHUP)
        console.write(line: "Stopping after this step, as SIGHUP asks.")
      }
    }
    on(SIGUSR1) { interruption.requestCheckpoint() }
    on(SIGUSR2) { interruption.requestCheckpoint(samples: true) }
    return interruption
  }

  /// Calls `body` whenever the signal arrives, in place of its default action.
  private static func on(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    source.setEventHandler(handler: body)
    // A signal that arrives before the source is in place would be lost.
    let isInPlace = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { isInPlace.signal() }
    source.activate()
    isInPlace.wait()
    // Keeps the source alive as long as the program.
    _ = Unmanaged.passRetained(source as AnyObject)
  }

  /// True if the program was started with the signal ignored.
  private static func isIgnored(_ number: Int32) -> Bool {
    let handler = signal(number, SIG_IGN)
    signal(number, handler)
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// - Throws: The exit code for the requested signal, if there is one.
  package func throwIfRequested() throws {
    if let number = requested { throw ExitCode(128 + number) }
  }
}

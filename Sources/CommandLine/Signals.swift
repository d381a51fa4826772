import ArgumentParser
import Dispatch
import Glibc
import Support

extension Interruption {
  /// An interruption that Ctrl-C and SIGTERM ask for from now on. A second signal ends the program at once.
  package static func bySignals() -> Interruption {
    let interruption = Interruption()
    // Writing to a closed pipe must fail, not kill.
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        if interruption.requested != nil { _exit(128 + number) }
        interruption.request(number)
        Console.standardError.write(line: "Stopping after this step; once more stops at once, without a checkpoint.")
      }
      source.activate()
      // A source lives as long as the program.
      _ = Unmanaged.passRetained(source as AnyObject)
    }
    return interruption
  }

  /// - Throws: The exit code of a program that a signal has ended, if one was asked for.
  package func throwIfRequested() throws {
    if let number = requested { throw ExitCode(128 + number) }
  }
}

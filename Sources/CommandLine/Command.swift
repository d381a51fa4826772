package import ArgumentParser
import Foundation
package import Support

/// A command of this package.
///
/// The exit code is 0, or that of the `Failure` that ended the command, whose sentence is written to standard error
/// with flags for settings. An invalid command line ends with 64.
package protocol Command: ParsableCommand {}

extension Command {
  package static func main() { exit(withCode: executed()) }

  /// Parses the command line, runs the command, and reports failures.
  ///
  /// - Parameters:
  ///   - speaks: False if another process reports failures.
  ///   - settle: Maps the failure that ended the command to the one that is reported.
  /// - Returns: The exit code.
  package static func executed(speaks: Bool = true, settle: (Failure) -> Failure = { $0 }) -> Int32 {
    do {
      var command = try parseAsRoot(processArguments)
      try command.run()
      return 0
    } catch let failure as Failure {
      return report(settle(failure), speaks: speaks)
    } catch {
      // As ArgumentParser exits, except for the display of paths.
      let (message, code) = (fullMessage(for: error), exitCode(for: error))
      if speaks && code.isSuccess {
        print(message)
      } else if speaks && !message.isEmpty {
        Console.commandLine.write(line: message)
      }
      return code.rawValue
    }
  }

  /// Reports a failure, unless another process does.
  ///
  /// - Returns: The exit code.
  package static func report(_ failure: Failure, speaks: Bool) -> Int32 {
    if speaks { Console.commandLine.write(line: "error: " + failure.line(Setting.asFlag)) }
    return failure.kind.exitCode
  }

  package static func exit(withCode code: Int32) -> Never { Foundation.exit(code) }

  /// The arguments of the process; those that are not UTF-8 keep their bytes.
  private static var processArguments: [String] {
    let arguments = UnsafeBufferPointer(
      start: Swift.CommandLine.unsafeArgv, count: Int(Swift.CommandLine.argc)
    ).dropFirst()
    return arguments.compactMap { $0 }.map { String(pathBytes: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}

/// Writes a line to standard output; bytes of paths that are not UTF-8 are shown as `\xE9`.
package func print(_ line: String) { Swift.print(line.showingPathBytes) }

extension Console {
  /// Standard error, where settings are flags.
  package static let commandLine = Console(descriptor: STDERR_FILENO, spelling: Setting.asFlag)
}

extension Failure.Kind {
  /// The code that a command ends with: the values of `sysexits.h`.
  package var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .data: 65
    case .missingInput: 66
    case .internalError: 70
    case .exists: 73
    case .inputOutput: 74
    case .configuration: 78
    }
  }
}

extension ExitCode {
  package init(_ kind: Failure.Kind) { self.init(kind.exitCode) }
}

import ArgumentParser
import Foundation
import Support

/// A command of this package: ends with the contract's exit codes.
///
/// 0, or the code of the `Failure` that ended it, whose sentence goes to standard error with flags for settings; what the
/// reader of the command line refuses ends with 64.
package protocol Command: ParsableCommand {}

extension Command {
  package static func main() {
    do {
      var command = try parseAsRoot(givenArguments)
      try command.run()
      Foundation.exit(0)
    } catch let failure as Failure {
      Console.commandLine.write(line: "error: " + failure.line(Setting.asFlag))
      Foundation.exit(failure.kind.exitCode)
    } catch {
      // As the reader of the command line ends a program, but for how paths are shown.
      let (message, code) = (fullMessage(for: error), exitCode(for: error))
      if code.isSuccess {
        print(message)
      } else if !message.isEmpty {
        Console.commandLine.write(line: message)
      }
      Foundation.exit(code.rawValue)
    }
  }

  /// The arguments as the system handed them over: those that are no UTF-8 keep their bytes.
  private static var givenArguments: [String] {
    let arguments = UnsafeBufferPointer(
      start: Swift.CommandLine.unsafeArgv, count: Int(Swift.CommandLine.argc)
    ).dropFirst()
    return arguments.compactMap { $0 }.map { String(pathBytes: UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}

/// Writes a line to standard output, for people: bytes of paths that are no UTF-8 are shown as `\xE9`.
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

import ArgumentParser
import Foundation
import Support

/// A command of this package: ends with the contract's exit codes.
///
/// 0, or the code of the `Failure` that ended it, whose sentence goes to standard error; what the reader of the command
/// line refuses ends with 64.
package protocol Command: ParsableCommand {}

extension Command {
  package static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      Foundation.exit(0)
    } catch let failure as Failure {
      Console.standardError.write(line: "error: " + failure.message)
      Foundation.exit(failure.exitCode)
    } catch {
      exit(withError: error)
    }
  }
}

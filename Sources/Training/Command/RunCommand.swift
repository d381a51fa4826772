import Foundation
import Tensors

/// Runs a command and ends the program with the contract's exit code: 0, or that of the `Failure`, whose sentence goes to
/// standard error.
///
/// - Parameter other: Ends the program for any other error, such as one of the library that reads the command line.
package func runCommand(_ body: () throws -> Void, otherwise other: (any Error) -> Never) -> Never {
  do {
    try body()
    exit(0)
  } catch let failure as Failure {
    Console.standardError.write(line: "error: " + failure.message)
    exit(failure.exitCode)
  } catch {
    other(error)
  }
}

/// Where a JSON value came from, for messages.
package enum JSONPosition: Equatable, Sendable {
  /// A place in a text; both count from 1. Columns count Unicode scalars, as editors do.
  case text(line: Int, column: Int)
  /// A flag of the command line, such as `--set training.steps`.
  case flag(String)
  /// Made by the program.
  case program

  /// How a message begins: `config.json:12:7`, or the flag, or the source alone.
  package func location(in source: String) -> String {
    switch self {
    case .text(let line, let column): "\(source):\(line):\(column)"
    case .flag(let flag): flag
    case .program: source
    }
  }
}

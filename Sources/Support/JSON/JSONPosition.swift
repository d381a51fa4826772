/// The origin of a JSON value, for messages.
package enum JSONPosition: Equatable, Sendable {
  /// A place in a text; both count from 1. Columns count Unicode scalars, as editors do.
  case text(line: Int, column: Int)
  /// Given beside the text, under a name of its own.
  case override(String)
  /// Made by the program.
  case program

  /// The beginning of a message: `config.json:12:7`, or the override's name, or the source alone.
  package func location(in source: String) -> String {
    switch self {
    case .text(let line, let column): "\(source):\(line):\(column)"
    case .override(let name): name
    case .program: source
    }
  }
}

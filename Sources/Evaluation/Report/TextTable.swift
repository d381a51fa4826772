/// A table of fixed-width text: the first column to the left, the others to the right.
struct TextTable {
  /// What stands on a line.
  private enum Line {
    case cells([String])
    case heading(String)
  }

  private var lines: [Line] = []

  /// Begins with the names of the columns; the first is often empty.
  init(header: [String]) {
    lines = [.cells(header)]
  }

  /// Adds a line of cells.
  mutating func add(row: [String]) { lines.append(.cells(row)) }

  /// A line of its own above the rows that follow.
  mutating func add(heading: String) { lines.append(.heading(heading)) }

  /// Without a newline at the end, and without blanks at the ends of lines.
  var text: String {
    let rows = lines.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
    return lines.map { line in
      switch line {
      case .heading(let text): return text
      case .cells(let cells):
        let line = cells.enumerated().map { column, cell in
          let blanks = String(repeating: " ", count: widths[column] - cell.count)
          return column == 0 ? cell + blanks : "  " + blanks + cell
        }.joined()
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
    }.joined(separator: "\n")
  }
}

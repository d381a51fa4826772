/// Columns of text, each as wide as its widest cell.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)]
  }

  /// - Precondition: a cell for each column.
  mutating func append(_ cells: [String]) {
    precondition(
      cells.count == alignments.count, "TextTable: \(cells.count) cells for \(alignments.count) columns")
    rows.append(cells)
  }

  /// The titles, then the rows; two blanks between columns, none at the end of a line.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let blanks = String(repeating: " ", count: widths[column] - text.count)
        return alignments[column] == .left ? text + blanks : blanks + text
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

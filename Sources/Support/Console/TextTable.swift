import Foundation

/// A table in text of fixed width: columns as wide as their widest cell, two spaces apart.
package struct TextTable {
  package enum Alignment: Sendable {
    case left
    case right
  }

  private enum Line {
    case cells([String])
    case heading(String)
  }

  private let alignments: [Alignment]
  private var rows: [Line]

  package init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [.cells(columns.map(\.title))]
  }

  /// A table with an untitled column of row names on the left and columns of numbers, aligned right.
  package init(numbersUnder titles: [String]) {
    self.init([("", .left)] + titles.map { ($0, .right) })
  }

  /// - Precondition: A cell for each column.
  package mutating func append(_ cells: [String]) {
    precondition(
      cells.count == alignments.count, "TextTable: \(cells.count) cells for \(alignments.count) columns")
    rows.append(.cells(cells))
  }

  /// Adds a heading above the rows that follow; it widens no column.
  package mutating func append(heading: String) { rows.append(.heading(heading)) }

  /// The titles, then the rows and headings, without trailing spaces.
  package var lines: [String] {
    let cells = rows.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
    let widths = alignments.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      switch row {
      case .heading(let text): text
      case .cells(let cells): line(of: cells, widths)
      }
    }
  }

  private func line(of cells: [String], _ widths: [Int]) -> String {
    let padded = cells.enumerated().map { column, text in
      let blanks = String(repeating: " ", count: widths[column] - text.count)
      return alignments[column] == .left ? text + blanks : blanks + text
    }
    return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }
}

extension Int {
  /// The number with commas between groups of three digits.
  package var grouped: String {
    let digits = Array(String(magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }

  /// The number of bytes in MiB, or in GiB from 1 GiB on.
  package var inMemoryUnits: String {
    self < 1 << 30
      ? "\((Double(self) / Double(1 << 20)).decimals(0)) MiB" : "\((Double(self) / Double(1 << 30)).decimals(2)) GiB"
  }
}

extension Double {
  /// The number with `count` decimals.
  package func decimals(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
